import {
  add,
  attention,
  type AttentionMask,
  div,
  equal,
  exp,
  full,
  matmul,
  max,
  pad,
  repeatKeyHeads,
  sub,
  sum,
  tag,
  type Tensor,
  where,
} from '@qkv/tensor'
import type { CachedKeys } from './caches/attention-cache.ts'
import type { Composition } from './compose.ts'
import type { AttentionContext } from './context.ts'
import { CompositionError } from './errors.ts'
import { keepTensor } from './masks/keep-tensor.ts'
import { lowerMask } from './masks/lower-mask.ts'
import { intersectMasks, type Mask } from './masks/mask.ts'
import { padMask } from './masks/pad-mask.ts'
import type { AttentionPart, PartSizes } from './part.ts'

/** One part's view of a call: the same call, with its own parameters. */
export type ContextOf = (part: AttentionPart) => AttentionContext

/**
 * From query, key and value to the mixed values `[batch, heads, query, valueSize]`, stage by stage.
 * `mask` is what the call adds to the masks of the parts.
 */
export function attendByStages(
  composition: Composition,
  contextOf: ContextOf,
  query: Tensor,
  key: Tensor,
  value: Tensor,
  mask: Mask,
): Tensor {
  const mixer = composition.owner('mix')
  if (mixer) {
    if (mask.kind !== 'all') throw unmaskableError(mixer)
    return mixer.mix!(contextOf(mixer), query, key, value)
  }
  const scorer = composition.owner('score')!
  const { tap } = contextOf(scorer)
  let scores = scorer.score!(contextOf(scorer), query, key)
  for (const part of composition.having('bias')) scores = part.bias(contextOf(part), scores, query, key)
  scores = tag('attention.scores', tap('scores', scores))

  let keep = keepTensor(composedMask(composition, contextOf, mask), contextOf(scorer))
  for (const part of composition.having('select')) {
    keep ??= full(query.device, [1, 1, 1, 1], true)
    keep = part.select(contextOf(part), scores, query, key, keep)
  }
  if (keep) keep = tap('mask', keep)
  const normalizer = composition.owner('normalize')
  let weights = normalizer
    ? normalizer.normalize!(contextOf(normalizer), scores, keep)
    : maskedSoftmax(scores, keep)
  weights = tag('attention.weights', tap('weights', weights))
  for (const part of composition.having('weights')) weights = part.weights(contextOf(part), weights)

  const aggregator = composition.owner('aggregate')
  return aggregator
    ? aggregator.aggregate!(contextOf(aggregator), weights, value)
    : matmul(weights, repeatKeyHeads(value, query.shape[1]!))
}

/** The same as one fused operation, for compositions that say nothing else. */
export function attendFused(
  composition: Composition,
  contextOf: ContextOf,
  query: Tensor,
  { key, value, length }: CachedKeys,
  mask: Mask,
): Tensor {
  const scorer = composition.owner('score')!
  const context = contextOf(scorer)
  const lowered = lowerMask(composedMask(composition, contextOf, mask), context)
  const capacity = key.shape[2]!
  const end = context.queryStart + context.queryLength
  const seesUnused = capacity > length && !(staysBehind(lowered.mask) && end <= length)
  const rate = composition.parts.reduce((rate, { fused }) => fused?.dropoutRate ?? rate, 0)
  const softcap = composition.parts.find(({ fused }) => fused?.softcap !== undefined)?.fused!.softcap
  const normalizer = composition.owner('normalize')
  const sinks = normalizer?.fused!.sinks!(contextOf(normalizer))
  const biases = composition.parts.flatMap((part) => part.fused?.bias?.(contextOf(part)) ?? [])
  const drops = context.training && rate > 0
  return attention(query, key, value, {
    mask: capacity === length ? lowered.mask : padMask(lowered.mask, capacity),
    masks:
      capacity === length
        ? lowered.tensors
        : lowered.tensors.map((tensor) => padKeys(tensor, capacity - length, 1)),
    scale: scorer.fused!.scale!(sizesOfQueries(context, query)),
    queryStart: context.queryStart,
    ...(seesUnused && { keyLengths: full(query.device, [query.shape[0]!], length, { dtype: 'int32' }) }),
    ...(biases.length > 0 && { bias: padKeys(biases.reduce(add), capacity - length, 0) }),
    ...(softcap !== undefined && { softcap }),
    ...(sinks && { sinks }),
    ...(drops && { dropout: { rate, key: context.nextKey() } }),
  }).output
}

/** The sizes with the queries' own head size: a part that projects may add columns to those of the values. */
function sizesOfQueries(context: AttentionContext, query: Tensor): PartSizes {
  const headSize = query.shape[3]!
  return headSize === context.headSize ? context : { ...context, headSize }
}

/** Whether no query sees a key after its own position. */
function staysBehind(mask: AttentionMask): boolean {
  return mask.kind === 'causal' || (mask.kind === 'and' && mask.of.some(staysBehind))
}

/** Softmax over the kept keys; a row without any gives zeros. */
export function maskedSoftmax(scores: Tensor, keep: Tensor | undefined): Tensor {
  const masked = keep ? where(keep, scores, -Infinity) : scores
  const peak = max(masked, { axis: -1, keepAxes: true })
  const exponentials = exp(sub(masked, where(equal(peak, -Infinity), 0, peak)))
  const total = sum(exponentials, { axis: -1, keepAxes: true })
  return div(exponentials, where(equal(total, 0), 1, total))
}

function unmaskableError({ name, obeys = [] }: AttentionPart): CompositionError {
  return new CompositionError({
    operation: name,
    argument: 'mask',
    got: 'is given in the call',
    expected: `noMask: '${name}' has no score matrix to mask`,
    fix:
      obeys.length > 0
        ? `It obeys the parts ${obeys.join(' and ')}: add one of them.`
        : 'Choose a part with a score matrix.',
  })
}

function composedMask(composition: Composition, contextOf: ContextOf, mask: Mask): Mask {
  return intersectMasks([...composition.having('mask').map((part) => part.mask(contextOf(part))), mask])
}

/** Lengthens the key axis of a mask or a bias to the capacity of a cache; the key lengths decide there. */
function padKeys(tensor: Tensor, added: number, value: number): Tensor {
  if (added === 0 || tensor.shape.at(-1) === 1) return tensor
  const none = tensor.shape.map(() => 0)
  return pad(tensor, { before: none, after: none.with(-1, added), value })
}
