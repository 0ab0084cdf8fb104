import type { DType, TensorSpec } from '../../dtype.ts'
import { ArgumentError } from '../../errors/argument-error.ts'
import { ShapeError } from '../../errors/shape-error.ts'
import { formatShape } from '../../shape.ts'
import { checkDType } from '../check-dtype.ts'
import type { AttentionMask } from './mask.ts'

/** What is fixed about one attention call. */
export interface AttentionAttrs {
  readonly scale: number
  /** Scores become `softcap * tanh(score / softcap)`; `null` leaves them as they are. */
  readonly softcap: number | null
  readonly mask: AttentionMask
  /** How many mask tensors follow the value. */
  readonly masks: number
  readonly hasBias: boolean
  readonly hasSinks: boolean
  readonly hasKeyLengths: boolean
  readonly dropoutRate: number
}

/** The inputs of an attention call by role, in their order: query, key, value, masks, bias, sinks, key lengths. */
export interface AttentionInputs<T> {
  /** `[batch, heads, query, headSize]` */
  readonly query: T
  /** `[batch, keyHeads, key, headSize]` */
  readonly key: T
  /** `[batch, keyHeads, key, valueSize]` */
  readonly value: T
  /** `bool`, broadcast to `[batch, heads, query, key]`. */
  readonly masks: readonly T[]
  /** Broadcasts to `[batch, heads, query, key]`. */
  readonly bias: T | undefined
  /** `[heads]`: logits of an extra key without a value. */
  readonly sinks: T | undefined
  /** `[batch]`, int32. */
  readonly keyLengths: T | undefined
  /** What follows them, in the calls that have more. */
  readonly rest: readonly T[]
}

export function attentionInputs<T>(inputs: readonly T[], attrs: AttentionAttrs): AttentionInputs<T> {
  let next = 3 + attrs.masks
  const take = (present: boolean): T | undefined => (present ? inputs[next++] : undefined)
  const bias = take(attrs.hasBias)
  const sinks = take(attrs.hasSinks)
  const keyLengths = take(attrs.hasKeyLengths)
  return {
    query: inputs[0]!,
    key: inputs[1]!,
    value: inputs[2]!,
    masks: inputs.slice(3, 3 + attrs.masks),
    bias,
    sinks,
    keyLengths,
    rest: inputs.slice(next),
  }
}

/** Throws a `ShapeError`, `DTypeError` or `ArgumentError` unless the inputs of an attention call fit together. */
export function checkAttention(specs: readonly TensorSpec[], attrs: AttentionAttrs): void {
  const { query, key, value, masks, bias, sinks, keyLengths } = attentionInputs(specs, attrs)
  for (const [argument, spec] of Object.entries({ query, key, value })) {
    checkDType('attention', argument, spec, ['float32'])
    if (spec.shape.length !== 4) throw misfit(argument, spec, '[batch, heads, length, headSize]')
  }
  const [batch, heads, queryLength, headSize] = query.shape as [number, number, number, number]
  const [, keyHeads, keyLength] = key.shape as [number, number, number, number]
  if (key.shape[0] !== batch || key.shape[3] !== headSize) {
    throw misfit(
      'key',
      key,
      `[${batch}, keyHeads, key, ${headSize}], as the query ${formatShape(query.shape)} has it`,
    )
  }
  if (value.shape[0] !== batch || value.shape[1] !== keyHeads || value.shape[2] !== keyLength) {
    throw misfit('value', value, `[${batch}, ${keyHeads}, ${keyLength}, valueSize], as the key has it`)
  }
  if (keyHeads === 0 || heads % keyHeads !== 0) {
    throw misfit('key', key, `a number of heads that divides the query's ${heads}`)
  }
  const scores = [batch, heads, queryLength, keyLength]
  masks.forEach((mask, index) => checkBroadcast(`mask ${index}`, mask, scores, 'bool'))
  if (bias) checkBroadcast('bias', bias, scores, 'float32')
  if (sinks && (sinks.shape.length !== 1 || sinks.shape[0] !== heads))
    throw misfit('sinks', sinks, `[${heads}], one per head`)
  if (keyLengths && (keyLengths.shape.length !== 1 || keyLengths.shape[0] !== batch)) {
    throw misfit('keyLengths', keyLengths, `[${batch}], one per batch entry`)
  }
  if (keyLengths) checkDType('attention', 'keyLengths', keyLengths, ['int32'])
  checkMask(attrs.mask, attrs.masks)
  if (!(attrs.dropoutRate >= 0 && attrs.dropoutRate < 1)) {
    throw new ArgumentError({
      operation: 'attention',
      argument: 'dropoutRate',
      got: `is ${attrs.dropoutRate}`,
      expected: 'a number from 0 up to, not including, 1',
      fix: 'Give the share of weights to drop, for example 0.1.',
    })
  }
}

function checkBroadcast(argument: string, spec: TensorSpec, scores: readonly number[], dtype: DType): void {
  checkDType('attention', argument, spec, [dtype])
  const fits =
    spec.shape.length <= 4 &&
    spec.shape.every((length, axis) => {
      const wanted = scores[axis + 4 - spec.shape.length]
      return length === 1 || length === wanted
    })
  if (!fits)
    throw misfit(
      argument,
      spec,
      `a shape that broadcasts to [batch, heads, query, key] ${formatShape(scores)}`,
    )
}

function checkMask(mask: AttentionMask, tensors: number): void {
  if (mask.kind === 'and' || mask.kind === 'or') {
    if (mask.of.length === 0)
      throw maskError(`is an empty '${mask.kind}'`, 'at least one mask', "Use { kind: 'all' }.")
    for (const part of mask.of) checkMask(part, tensors)
    return
  }
  if (mask.kind === 'tensor' && !(mask.input >= 0 && mask.input < tensors)) {
    throw maskError(
      `names mask tensor ${mask.input}`,
      `one of the ${tensors} mask tensors`,
      'Pass the tensor in `masks`.',
    )
  }
  if (mask.kind === 'window' && !(mask.left >= 0 && mask.right >= 0 && (mask.sinks ?? 0) >= 0)) {
    throw maskError(
      `is a window of ${mask.left} to the left and ${mask.right} to the right`,
      'widths of at least 0',
      'A window of 0 and 0 keeps the query itself.',
    )
  }
  if (mask.kind === 'blocks' && !(Number.isInteger(mask.size) && mask.size > 0)) {
    throw maskError(`has blocks of ${mask.size}`, 'a block size of at least 1', 'Give the size in tokens.')
  }
}

function misfit(argument: string, spec: TensorSpec, expected: string): ShapeError {
  return new ShapeError({
    operation: 'attention',
    argument,
    got: `has shape ${formatShape(spec.shape)}`,
    expected,
    fix: 'Axes are [batch, heads, length, headSize]; split heads with `reshape` and `transpose`.',
  })
}

function maskError(got: string, expected: string, fix: string): ArgumentError {
  return new ArgumentError({ operation: 'attention', argument: 'mask', got, expected, fix })
}
