import { ArgumentError, div, mul, slice, type Tensor } from '@qkv/tensor'
import { checkChoice, checkOptions, numberAbove } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart, BufferDeclaration, PartSizes } from '../../part.ts'
import { checkPositions } from '../../positions/check-positions.ts'
import { type RotaryOptions, rotarySizeOf } from '../../positions/rotary-part.ts'
import { rotaryTable } from '../../positions/rotary-table.ts'
import { rotate, rotaryPairings } from '../../positions/rotate.ts'
import { claimsOf } from '../../positions/rotation-claim.ts'

export interface XposOptions extends RotaryOptions {
  /** Positions over which a pair decays by its own factor; 512 unless said. */
  readonly scaleBase?: number
}

/** Of the paper: how little the fastest pair is kept. */
const smoothing = 0.4

/**
 * Rotary positions whose pairs of columns decay with the distance, the fast ones most: queries are multiplied by `ζ^(i / 512)` and
 * keys by `ζ^(-j / 512)`, counted from the middle of the model's maximum length so that neither overflows. It is meant for
 * `causal` attention: towards later keys the same factor grows, so that without `causal` far later keys count more than near ones.
 *
 * @example
 * compose([scaledDot(), xpos(), causal()])
 */
export function xpos(options: XposOptions = {}): AttentionPart {
  const { base = 10000, rotarySize, pairing = 'halves', scaleBase = 512 } = options
  checkOptions('xpos', { base, scaleBase }, numberAbove(0))
  checkChoice('xpos', { pairing }, rotaryPairings)
  const buffer = (of: (sizes: PartSizes, size: number) => Float64Array): BufferDeclaration => ({
    owner: 'attention',
    persistent: false,
    create(sizes) {
      const size = rotarySizeOf('xpos', rotarySize, sizes)
      return { shape: [sizes.maximumLength, size / 2], data: of(sizes, size) }
    },
  })
  const turn = (context: AttentionContext, argument: 'query' | 'key', x: Tensor, start: number): Tensor => {
    const length = x.shape[2]!
    checkPositions('xpos', argument, { start, length, maximumLength: context.maximumLength })
    const rows = (name: string): Tensor => slice(context.buffer(name), [{ start, size: length }])
    const scale = argument === 'query' ? mul : div
    const scales = rows('scales')
    return rotate(x, scale(rows('cosines'), scales), scale(rows('sines'), scales), pairing)
  }
  return {
    name: 'xpos',
    source: 'Sun et al. 2022, A Length-Extrapolatable Transformer (arXiv 2212.10554)',
    about: {
      year: 2022,
      formula:
        'S = Σ_c ζ_c^((i - j) / 512)·(pair c of q and k turned by (i - j)·θ_c) / √d, ζ_c = (2c / d + 0.4) / 1.4',
      use: 'Causal language models on texts longer than those of training.',
    },
    options,
    positional: true,
    claims: claimsOf(pairing),
    buffers: {
      cosines: buffer(
        ({ maximumLength }, size) =>
          rotaryTable(positionsTo(maximumLength), { rotarySize: size, base }).cosines,
      ),
      sines: buffer(
        ({ maximumLength }, size) =>
          rotaryTable(positionsTo(maximumLength), { rotarySize: size, base }).sines,
      ),
      scales: buffer(({ maximumLength }, size) => scalesOf(maximumLength, size / 2, scaleBase)),
    },
    queryKey: (context, query, key) => ({
      query: turn(context, 'query', query, context.queryStart),
      key: turn(context, 'key', key, context.keyStart),
    }),
  }
}

function positionsTo(length: number): readonly number[] {
  return Array.from({ length }, (_, position) => position)
}

/** `ζ^((position - middle) / scaleBase)`, `[length, pairs]`. */
function scalesOf(length: number, pairs: number, scaleBase: number): Float64Array {
  const middle = Math.floor(length / 2)
  const slowest = smoothing / (1 + smoothing)
  // The largest power of ten of float32.
  const longest = Math.floor((2 * 37 * scaleBase) / -Math.log10(slowest))
  if (length > longest) {
    throw new ArgumentError({
      operation: 'xpos',
      argument: 'scaleBase',
      got: `is ${scaleBase}`,
      expected: `a larger one for ${length} positions: the factors of more than ${longest} overflow`,
      fix: 'Give a larger `scaleBase`, or build the model with a smaller `maximumLength`.',
    })
  }
  return Float64Array.from({ length: length * pairs }, (_, index) => {
    const [position, pair] = [Math.floor(index / pairs), index % pairs]
    return ((pair / pairs + smoothing) / (1 + smoothing)) ** ((position - middle) / scaleBase)
  })
}
