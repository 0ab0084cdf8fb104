import { xavierUniform } from '@qkv/nn'
import {
  add,
  arange,
  clamp,
  embedding,
  matmul,
  mul,
  repeatKeyHeads,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import { keysByOffset, offsetCount, offsetsByKey } from '../../biases/by-offset.ts'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'

export interface ShawOptions {
  /** From this distance on, all keys to one side share a row; 16 positions unless said. */
  readonly maximumDistance?: number
}

/**
 * Adds a trained row per offset to each key and to each value, `[2 * maximumDistance + 1, headSize]` each and the same for all
 * heads: a query compares itself with a key and with how far away it is. No row is made for a pair of positions, only for an
 * offset.
 *
 * @example
 * compose([scaledDot(), shaw({ maximumDistance: 16 })])
 */
export function shaw(options: ShawOptions = {}): AttentionPart {
  const { maximumDistance = 16 } = options
  checkOptions('shaw', { maximumDistance }, wholeFrom(1))
  const table: ParameterDeclaration = {
    owner: 'attention',
    shape: ({ headSize }) => [2 * maximumDistance + 1, headSize],
    initializer: xavierUniform(),
  }
  const rows = (context: AttentionContext, name: string): Tensor =>
    rowsByOffset(context, context.parameter(name), maximumDistance)
  return {
    name: 'shaw',
    source:
      'Shaw et al. 2018, Self-Attention with Relative Position Representations, section 3 (arXiv 1803.02155)',
    about: {
      year: 2018,
      formula: 'S = q·(k + a[clip(j - i)]) / √d, o = Σ A·(v + b[clip(j - i)])',
      use: 'Sentences, where the offset of a word says what it is to another.',
    },
    options,
    positional: true,
    countsOn: ['scoreMaps', 'keyColumns'],
    parameters: { keys: table, values: table },
    bias(context, scores, query) {
      const products = matmul(query, transpose(rows(context, 'keys')))
      return add(scores, mul(keysByOffset(products, context.keyLength), query.shape[3]! ** -0.5))
    },
    aggregate(context, weights, value) {
      const mixed = matmul(weights, repeatKeyHeads(value, context.heads))
      return add(mixed, matmul(offsetsByKey(weights), rows(context, 'values')))
    },
  }
}

/** The row of each offset that occurs, `[offset, headSize]`. */
function rowsByOffset(context: AttentionContext, table: Tensor, maximumDistance: number): Tensor {
  const { device, queryStart, queryLength, keyLength } = context
  const count = offsetCount(queryLength, keyLength)
  const offsets = arange(device, count, { start: maximumDistance - (queryStart + queryLength - 1) })
  return embedding(clamp(offsets, { min: 0, max: 2 * maximumDistance }), table)
}
