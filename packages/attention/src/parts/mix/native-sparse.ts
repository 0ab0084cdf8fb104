import { normal, zeros } from '@qkv/nn'
import { add, mul, reshape, sigmoid, slice, type Tensor } from '@qkv/tensor'
import { intersectMasks, type Mask, noMask } from '../../masks/mask.ts'
import { keptKeys } from '../../mixers/features.ts'
import { gateOfHeads, gateParameters } from '../../mixers/gates.ts'
import { checkSparseSizes, type SparseSizes } from '../../mixers/sparse-blocks.ts'
import { attendCompressed, selectedKeys } from '../../mixers/sparse-branches.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'
import { scaledDot } from '../score/scaled-dot.ts'

/** All in positions, and multiples of `stride` where they are blocks. */
export interface NativeSparseOptions {
  /** How many keys are compressed into one; 32 unless said. */
  readonly compressionBlock?: number
  /** From one compressed block to the next; 16 unless said. */
  readonly stride?: number
  /** Keys that are selected together; 64 unless said. */
  readonly selectionBlock?: number
  /** How many blocks each query selects, its own, the one before it and the first included; 16 unless said. */
  readonly selected?: number
  /** How many keys the window has up to the query's own, and with it; 512 unless said. */
  readonly window?: number
}

/**
 * Three kinds of attention beside each other, each with a gate that depends on the input: to compressed blocks of keys, to the keys of the
 * blocks that the compressed branch looks at most, and to a window. With `causal`, a block is compressed for those queries only that
 * come after its last key. Query heads that share keys select the same blocks. All branches read the same projections, where the
 * paper projects keys and values once for each, and makes its gates by a network; the selected branch is computed with a mask.
 *
 * @example
 * compose([nativeSparse({ window: 128 }), causal(), padding()])
 */
export function nativeSparse(options: NativeSparseOptions = {}): AttentionPart {
  const sizes: SparseSizes = {
    compressionBlock: 32,
    stride: 16,
    selectionBlock: 64,
    selected: 16,
    window: 512,
    ...options,
  }
  checkSparseSizes('native-sparse', sizes)
  return {
    name: 'native-sparse',
    source:
      'Yuan et al. 2025, Native Sparse Attention: Hardware-Aligned and Natively Trainable Sparse Attention, section 3 (arXiv 2502.11089)',
    about: {
      year: 2025,
      formula: 'o = Σ g_c softmax(q·K_c / √d) V_c over compressed, selected and near keys, g = σ(w·x + b)',
      use: 'Very long texts, in which each query reads a few blocks closely and the rest in outline.',
    },
    options,
    selfOnly: 'its window and the block of a query are positions of one sequence',
    obeys: ['causal', 'padding'],
    parameters: {
      ...gateParameters('branch', { perHead: () => 3 }),
      ...compressionParameters('key', sizes),
      ...compressionParameters('value', sizes),
    },
    mix(context, query, key, value) {
      const masks = masksOf(context)
      const attend = (mask: Mask): Tensor =>
        context.run([scaledDot()], query, key, value, intersectMasks([...masks, mask]))
      const compressed = attendCompressed(context, sizes, query, key, value)
      const keep = selectedKeys(context, sizes, key.shape[1]!, compressed)
      const near = sizes.window - 1
      const gates = sigmoid(gateOfHeads(context, 'branch', context.queryInput))
      const branches = [
        compressed.output,
        attend({ kind: 'tensor', keep }),
        attend({ kind: 'window', left: near, right: context.causal ? 0 : near, sinks: 0 }),
      ]
      return branches
        .map((branch, index) => mul(branch, slice(gates, [{}, {}, {}, { start: index, size: 1 }])))
        .reduce(add)
    },
  }
}

function masksOf(context: AttentionContext): readonly Mask[] {
  const { keyLength, causal } = context
  const keep = keptKeys(context, keyLength)
  return [
    causal ? { kind: 'causal' } : noMask,
    keep ? { kind: 'tensor', keep: reshape(keep, [keep.shape[0]!, 1, 1, keyLength]) } : noMask,
  ]
}

function compressionParameters(
  name: string,
  { compressionBlock }: SparseSizes,
): Readonly<Record<string, ParameterDeclaration>> {
  const matrix = (rows: (headSize: number) => number): ParameterDeclaration => ({
    owner: 'attention',
    shape: ({ keyHeads, headSize }) => [keyHeads, rows(headSize), headSize],
    initializer: (init, shape) => normal({ standardDeviation: shape[1]! ** -0.5 })(init, shape),
  })
  return {
    [`${name}Position`]: {
      owner: 'attention',
      shape: ({ keyHeads, headSize }) => [keyHeads, compressionBlock, headSize],
      initializer: zeros(),
    },
    [`${name}Hidden`]: matrix((headSize) => compressionBlock * headSize),
    [`${name}Output`]: matrix((headSize) => headSize),
  }
}
