import { type AttentionAttrs, type AttentionInputs, attentionInputs } from '@qkv/tensor'
import { here, type Input, type KernelCall } from '../../kernel.ts'
import { type Matrices, matricesOf } from '../matmul.ts'

/** An attention call with its sizes; query heads that share a key head are an axis of their own. */
export interface AttentionCall {
  readonly inputs: AttentionInputs<Input>
  readonly attrs: AttentionAttrs
  readonly batch: number
  readonly heads: number
  readonly keyHeads: number
  /** Query heads to a key head. */
  readonly group: number
  readonly queryLength: number
  readonly keyLength: number
  readonly headSize: number
  readonly valueSize: number
  /** Elements of all scores, `[batch, heads, query, key]`. */
  readonly scoreCount: number
  /** Position of the first query, and the two words of the dropout key. */
  readonly scalars: readonly number[]
}

export function attentionCall({ inputs, attrs, scalars }: KernelCall): AttentionCall {
  const attentionAttrs = attrs as AttentionAttrs
  const all = attentionInputs(inputs, attentionAttrs)
  const [batch, heads, queryLength, headSize] = all.query.shape as [number, number, number, number]
  const [, keyHeads, keyLength, valueSize] = all.value.shape as [number, number, number, number]
  return {
    inputs: all,
    attrs: attentionAttrs,
    batch,
    heads,
    keyHeads,
    group: heads / keyHeads,
    queryLength,
    keyLength,
    headSize,
    valueSize,
    scoreCount: batch * heads * queryLength * keyLength,
    scalars,
  }
}

/** The axes in front of the matrices: `[batch, keyHeads, group]`. */
export function leadOf({ batch, keyHeads, group }: AttentionCall): readonly number[] {
  return [batch, keyHeads, group]
}

/** A tensor `[batch, heads, length, size]` with its heads in groups. */
export function grouped({ group }: AttentionCall, input: Input): Matrices {
  const matrices = matricesOf(input)
  const [batch, head] = matrices.lead as [number, number]
  return { ...matrices, lead: [batch, group * head, head] }
}

/** A tensor `[batch, keyHeads, length, size]`, which all heads of a group read. */
export function shared(input: Input): Matrices {
  const matrices = matricesOf(input)
  return { ...matrices, lead: [...matrices.lead, 0] }
}

/** Indices of the score at hand. */
export interface ScoreIndices {
  readonly batch: string
  readonly head: string
  readonly query: string
  readonly key: string
  /** The number of its row, `[batch, heads, query]`. */
  readonly row: string
}

export function scoreIndices({ heads, queryLength, keyLength }: AttentionCall): ScoreIndices {
  const row = `quotient(${here}, ${keyLength})`
  return {
    row,
    key: `remainder(${here}, ${keyLength})`,
    query: `remainder(${row}, ${queryLength})`,
    head: `remainder(quotient(${here}, ${keyLength * queryLength}), ${heads})`,
    batch: `quotient(${here}, ${keyLength * queryLength * heads})`,
  }
}

/** Where a tensor that broadcasts to `[batch, heads, query, key]` has the score at hand. */
export function broadcastPlace({ shape, strides, offset }: Input, indices: ScoreIndices): string {
  const all = [indices.batch, indices.head, indices.query, indices.key]
  const terms = shape.flatMap((length, axis) => {
    const stride = strides[axis]!
    return length === 1 || stride === 0 ? [] : [`${all[axis + 4 - shape.length]} * ${stride}`]
  })
  if (offset !== 0) terms.push(String(offset))
  return terms.join(' + ') || '0'
}
