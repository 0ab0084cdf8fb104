import {
  argmax,
  concat,
  equal,
  logicalAnd,
  logicalOr,
  matmul,
  neg,
  repeatKeyHeads,
  reshape,
  slice,
  stopGradient,
  type Tensor,
} from '@qkv/tensor'
import { checkOptions, even, wholeFrom } from '../../check-options.ts'
import { ownPosition } from '../../masks/position-masks.ts'
import type { AttentionPart } from '../../part.ts'
import { seededNormal } from '../../seeded.ts'

export interface LshOptions {
  /** Into how many buckets each round sorts queries and keys, an even number; 8 unless said. */
  readonly buckets?: number
  /** How many times they are sorted: a key counts that shares a bucket with the query once; 4 unless said. */
  readonly rounds?: number
  /** What the rotations are drawn by; 0 unless said. */
  readonly seed?: number
}

/**
 * A query sees the keys of its own bucket: random rotations sort queries and keys by direction, so that near ones mostly meet. It
 * always sees its own position, where the paper lets it see that only for lack of others, and only what the masks keep. The rotations are
 * a buffer that is not stored.
 *
 * The paper also makes queries and keys one projection, and sorts by bucket to save time: here every score is made.
 *
 * @example
 * compose([scaledDot(), lsh({ buckets: 16, rounds: 4 }), causal()])
 */
export function lsh(options: LshOptions = {}): AttentionPart {
  const { buckets = 8, rounds = 4, seed = 0 } = options
  checkOptions(
    'lsh',
    { buckets },
    wholeFrom(2),
    'Half of them are one rotation: give an even number, such as 8.',
  )
  checkOptions('lsh', { buckets }, even, `Each direction has one for either sign: use ${buckets + 1}.`)
  checkOptions('lsh', { rounds }, wholeFrom(1), 'More rounds miss fewer near keys.')
  checkOptions('lsh', { seed }, wholeFrom(0), 'Any whole number such as 1 will do.')
  return {
    name: 'lsh',
    source: 'Kitaev et al. 2020, Reformer: The Efficient Transformer, section 2 (arXiv 2001.04451)',
    about: {
      year: 2020,
      formula: 'keep where argmax [q R; -q R] = argmax [k R; -k R] in one of the rounds, or i = j',
      use: 'Studies of what sparse attention loses where a query only sees keys like itself.',
    },
    options,
    selfOnly: 'a query sees its own position',
    positional: true,
    countsOn: ['scoreMaps', 'keyColumns'],
    buffers: {
      rotations: {
        owner: 'attention',
        persistent: false,
        create({ headSize }) {
          const columns = (rounds * buckets) / 2
          const data = Float32Array.from({ length: headSize * columns }, seededNormal(seed))
          return { shape: [headSize, columns], data }
        },
      },
    },
    select(context, _scores, query, key, keep) {
      const rotations = context.buffer('rotations')
      const queries = bucketsOf(query, rotations, rounds)
      const keys = bucketsOf(repeatKeyHeads(key, query.shape[1]!), rotations, rounds)
      let seen = ownPosition(context)
      for (let round = 0; round < rounds; round++) seen = logicalOr(seen, meet(queries, keys, round))
      return logicalAnd(keep, seen)
    },
  }
}

/** The bucket in each round: int32 `[batch, heads, length, rounds]`. */
function bucketsOf(x: Tensor, rotations: Tensor, rounds: number): Tensor {
  const rotated = matmul(stopGradient(x), rotations)
  const split = reshape(rotated, [...x.shape.slice(0, 3), rounds, rotations.shape[1]! / rounds])
  return argmax(concat([split, neg(split)], { axis: -1 }), { axis: -1 })
}

/** Whether query and key share a bucket: `bool` `[batch, heads, query, key]`. */
function meet(queries: Tensor, keys: Tensor, round: number): Tensor {
  const column = [{}, {}, {}, { start: round, size: 1 }]
  const [batch, heads, keyLength] = keys.shape as [number, number, number]
  return equal(slice(queries, column), reshape(slice(keys, column), [batch, heads, 1, keyLength]))
}
