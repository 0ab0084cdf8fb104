import { normal } from '@qkv/nn'
import { add, embedding, gather, iota, sub, type Tensor, transpose } from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart } from '../../part.ts'
import { checkPositions } from '../../positions/check-positions.ts'
import { relativeBucket, type RelativeBucketOptions } from '../../positions/relative-bucket.ts'

/**
 * Adds a trained number per head and distance to the scores; distances share buckets, the wider the farther. Each
 * attention trains its own table (T5 shares that of a stack's first layer). T5 has no scale: its weights start small.
 *
 * @example
 * compose([scaledDot(), t5Bias({ bidirectional: false }), causal()])
 */
export function t5Bias(options: RelativeBucketOptions = {}): AttentionPart {
  checkBuckets(options)
  const { buckets = 32 } = options
  return {
    name: 't5-bias',
    source:
      'Raffel et al. 2019, Exploring the Limits of Transfer Learning (T5), section 2.1 (arXiv 1910.10683)',
    about: {
      year: 2019,
      formula: 'S = q·k / √d + b[h, bucket(j - i)]',
      use: 'Encoders and decoders that learn which distances matter, beyond the lengths of training as well.',
    },
    options,
    positional: true,
    parameters: {
      table: {
        owner: 'attention',
        shape: ({ heads }) => [buckets, heads],
        initializer: normal({ standardDeviation: 0.02 }),
      },
    },
    buffers: {
      // Buckets of the offsets from -(maximumLength - 1) to maximumLength - 1.
      buckets: {
        owner: 'attention',
        persistent: false,
        create({ maximumLength }) {
          const length = 2 * maximumLength - 1
          const data = Int32Array.from({ length }, (_, index) =>
            relativeBucket(index - (maximumLength - 1), options),
          )
          return { shape: [length], data }
        },
      },
    },
    fused: { bias: biasOf },
    bias: (context, scores) => add(scores, biasOf(context)),
  }
}

/** `[heads, query, key]` */
function biasOf(context: AttentionContext): Tensor {
  const { device, queryStart, queryLength, keyLength, maximumLength } = context
  checkPositions('t5-bias', 'query', { start: queryStart, length: queryLength, maximumLength })
  checkPositions('t5-bias', 'key', { start: 0, length: keyLength, maximumLength })
  const keys = iota(device, [1, keyLength], { axis: 1, start: maximumLength - 1 })
  const queries = iota(device, [queryLength, 1], { axis: 0, start: queryStart })
  const buckets = gather(context.buffer('buckets'), sub(keys, queries))
  return transpose(embedding(buckets, context.parameter('table')), { order: [2, 0, 1] })
}

/** Each side of the query needs a bucket for single distances, and one for the farther ones. */
function checkBuckets({
  buckets = 32,
  maximumDistance = 128,
  bidirectional = true,
}: RelativeBucketOptions): void {
  checkOptions('t5-bias', { buckets }, wholeFrom(bidirectional ? 4 : 2))
  const single = Math.floor((bidirectional ? Math.floor(buckets / 2) : buckets) / 2)
  checkOptions('t5-bias', { maximumDistance }, wholeFrom(single + 1))
}
