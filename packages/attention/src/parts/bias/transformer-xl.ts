import { xavierUniform } from '@qkv/nn'
import { add, matmul, mul, repeatKeyHeads, reshape, slice, type Tensor, transpose } from '@qkv/tensor'
import { keysByOffset, offsetCount } from '../../biases/by-offset.ts'
import type { AttentionContext } from '../../context.ts'
import { splitHeads } from '../../heads.ts'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'
import { checkPositions } from '../../positions/check-positions.ts'
import { sinusoidalTable } from '../../positions/sinusoidal-table.ts'

const perHead: ParameterDeclaration = {
  owner: 'attention',
  shape: ({ heads, headSize }) => [heads, headSize],
  initializer: xavierUniform(),
}

/**
 * Scores speak of what a key says and of how far away it is, apart: to products of queries and keys it adds products of queries
 * and mapped sinusoids of the distance, and, for every query alike, how much a key (`u`) and a distance (`w`) are
 * wanted. Sinusoids are of width `width`, sines first, and know to which side a key is.
 *
 * @example
 * compose([scaledDot(), transformerXl(), causal()])
 */
export function transformerXl(): AttentionPart {
  return {
    name: 'transformer-xl',
    source:
      'Dai et al. 2019, Transformer-XL: Attentive Language Models Beyond a Fixed-Length Context, section 3.3 (arXiv 1901.02860)',
    about: {
      year: 2019,
      formula: 'S = (q·k + q·W r[i - j] + u·k + w·W r[i - j]) / √d, r sinusoids of the distance',
      use: 'Texts that are read in segments, where positions start anew.',
    },
    positional: true,
    parameters: {
      distances: {
        owner: 'attention',
        shape: ({ width, heads, headSize }) => [width, heads * headSize],
        initializer: xavierUniform(),
      },
      keyWanted: perHead,
      distanceWanted: perHead,
    },
    buffers: {
      // Distances, query position minus key position, from `maximumLength - 1` down to `-(maximumLength - 1)`.
      sinusoids: {
        owner: 'attention',
        persistent: false,
        create({ maximumLength, width }) {
          const length = 2 * maximumLength - 1
          const rising = sinusoidalTable(length, width, { start: 1 - maximumLength, layout: 'concatenated' })
          const data = rising.map((_, at) => {
            const row = Math.floor(at / width)
            return rising[(length - 1 - row) * width + (at % width)]!
          })
          return { shape: [length, width], data }
        },
      },
    },
    bias(context, scores, query, key) {
      const { heads } = context
      const size = query.shape[3]!
      const wanted = (name: string): Tensor => reshape(context.parameter(name), [heads, 1, size])
      const content = matmul(wanted('keyWanted'), transpose(repeatKeyHeads(key, heads)))
      const products = matmul(add(query, wanted('distanceWanted')), transpose(distancesByOffset(context)))
      const added = add(content, keysByOffset(products, context.keyLength))
      return add(scores, mul(added, size ** -0.5))
    },
  }
}

/** The mapped sinusoid of each offset that occurs, `[1, heads, offset, headSize]`. */
function distancesByOffset(context: AttentionContext): Tensor {
  const { queryStart, queryLength, keyLength, maximumLength, heads } = context
  checkPositions('transformer-xl', 'query', { start: queryStart, length: queryLength, maximumLength })
  checkPositions('transformer-xl', 'key', { start: 0, length: keyLength, maximumLength })
  const start = maximumLength - (queryStart + queryLength)
  const rows = slice(context.buffer('sinusoids'), [{ start, size: offsetCount(queryLength, keyLength) }])
  const mapped = matmul(rows, context.parameter('distances'))
  return splitHeads(reshape(mapped, [1, ...mapped.shape]), heads)
}
