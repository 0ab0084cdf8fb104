import { normal } from '@qkv/nn'
import {
  add,
  exp,
  iota,
  lessEqual,
  max,
  mul,
  repeatKeyHeads,
  reshape,
  sigmoid,
  slice,
  sub,
  sum,
  type Tensor,
  unsqueeze,
  where,
} from '@qkv/tensor'
import { checkChoice } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { aftRecurrence, type AftState, finite, ratio } from '../../mixers/aft-recurrence.ts'
import { keptKeys } from '../../mixers/features.ts'
import { mixByRecurrence } from '../../mixers/mix-by-recurrence.ts'
import { checkPositions } from '../../positions/check-positions.ts'
import type { AttentionPart } from '../../part.ts'

export interface AftOptions {
  /**
   * `none` (AFT-simple) unless said; `full` trains a bias for each pair of positions, the same for all heads and columns, and needs
   * memory for each pair and column.
   */
  readonly positions?: 'none' | 'full'
}

/**
 * Attention without products of queries and keys: each column of the values has a mean of its own, weighed by the exponentials of
 * the same column of the keys, and the query is a gate before it. Without position biases it is linear in the length, and a recurrence
 * under `causal`.
 *
 * @example
 * compose([aft(), causal(), padding()])
 */
export function aft(options: AftOptions = {}): AttentionPart {
  const { positions = 'none' } = options
  checkChoice('aft', { positions }, ['none', 'full'])
  const simple: Required<Pick<AttentionPart, 'recur' | 'mix'>> = {
    recur: recurSimple,
    mix: (context, ...projected) =>
      (context.causal ? mixByRecurrence(recurSimple) : mixSimple)(context, ...projected),
  }
  return {
    name: 'aft',
    source: 'Zhai et al. 2021, An Attention Free Transformer, sections 3.1 and 3.2 (arXiv 2105.14103)',
    about: {
      year: 2021,
      formula: 'o = σ(q) ⊙ Σ exp(k + w) v / Σ exp(k + w), w a bias per pair of positions, or none',
      use: 'Long inputs at the cost of a few sums: no scores are made.',
    },
    options,
    obeys: ['causal', 'padding'],
    countsOn: ['keyColumns'],
    ...(positions === 'none'
      ? simple
      : {
          parameters: {
            bias: {
              owner: 'attention',
              shape: ({ maximumLength }) => [maximumLength, maximumLength],
              initializer: normal({ standardDeviation: 0.02 }),
            },
          },
          mix: mixFull,
        }),
  }
}

const recurSimple: Required<AttentionPart>['recur'] = (context, state, query, key, value) => {
  const heads = query.shape[1]!
  const keys = keptOf(context, repeatKeyHeads(key, heads))
  const recurrence = aftRecurrence(keys, repeatKeyHeads(value, heads), state as AftState | undefined)
  return { output: mul(sigmoid(query), recurrence.output), state: recurrence.state }
}

const mixSimple: Required<AttentionPart>['mix'] = (context, query, key, value) => {
  const keys = keptOf(context, key)
  const weights = exp(sub(keys, finite(max(keys, { axis: 2, keepAxes: true }))))
  const mean = ratio(
    sum(mul(weights, value), { axis: 2, keepAxes: true }),
    sum(weights, { axis: 2, keepAxes: true }),
  )
  return mul(sigmoid(query), repeatKeyHeads(mean, query.shape[1]!))
}

const mixFull: Required<AttentionPart>['mix'] = (context, query, key, value) => {
  const { device, queryStart, queryLength, keyLength, maximumLength } = context
  checkPositions('aft', 'query', { start: queryStart, length: queryLength, maximumLength })
  checkPositions('aft', 'key', { start: 0, length: keyLength, maximumLength })
  const heads = query.shape[1]!
  const bias = slice(context.parameter('bias'), [
    { start: queryStart, size: queryLength },
    { size: keyLength },
  ])
  const queries = iota(device, [queryLength, 1], { axis: 0, start: queryStart })
  const behind = lessEqual(iota(device, [1, keyLength], { axis: 1 }), queries)
  const biases = context.causal ? where(behind, bias, -Infinity) : bias
  const keys = unsqueeze(keptOf(context, repeatKeyHeads(key, heads)), { axis: 2 })
  const exponents = add(keys, reshape(biases, [queryLength, keyLength, 1]))
  const weights = exp(sub(exponents, finite(max(exponents, { axis: 3, keepAxes: true }))))
  const values = unsqueeze(repeatKeyHeads(value, heads), { axis: 2 })
  return mul(sigmoid(query), ratio(sum(mul(weights, values), { axis: 3 }), sum(weights, { axis: 3 })))
}

/** Minus infinity in place of the keys that fill up. */
function keptOf(context: AttentionContext, key: Tensor): Tensor {
  const length = key.shape[2]!
  const keep = keptKeys(context, length)
  return keep ? where(reshape(keep, [keep.shape[0]!, 1, length, 1]), key, -Infinity) : key
}
