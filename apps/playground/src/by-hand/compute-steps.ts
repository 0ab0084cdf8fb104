import { type AttentionPart, attendProjections, compose, scaledDot } from '@qkv/attention'
import {
  type Device,
  div,
  equal,
  exp,
  matmul,
  max,
  mul,
  reshape,
  round,
  slice,
  sqrt,
  sub,
  sum,
  type Tensor,
  transpose,
  unsqueeze,
  where,
} from '@qkv/tensor'
import { type Matrix, toMatrix } from '../matrix.ts'
import type { LessonNumbers } from './lesson-numbers.ts'

/** A product of matrices, and the products of numbers that each of its cells is the sum of. */
export interface Product extends Matrix {
  /** `[rows * columns, inner]` */
  readonly terms: Matrix
}

export interface HeadSteps {
  readonly query: Matrix
  readonly key: Matrix
  readonly value: Matrix
  /** `[query, key]`, before the scale. */
  readonly scores: Product
  /** What scores are divided by; 1 when that is switched off. */
  readonly divisor: number
  readonly scaled: Matrix
  /** With minus infinity where the query may not look. */
  readonly masked: Matrix
  /** Of the masked scores less their largest, which the softmax takes first. */
  readonly exponentials: Matrix
  /** Per query: the largest masked score, and the sum of the exponentials. */
  readonly peaks: Matrix
  readonly totals: Matrix
  readonly weights: Matrix
  readonly output: Product
}

export interface Steps {
  readonly query: Product
  readonly key: Product
  readonly value: Product
  readonly heads: readonly HeadSteps[]
  /** Outputs of the heads side by side. */
  readonly joined: Matrix
  /** `joined` times the output weights; only with more than one head. */
  readonly projected: Product | undefined
  /** The first head's weights rounded to halves, and what they give: the shortcut of a hand calculation. */
  readonly rounded: { readonly weights: Matrix; readonly output: Matrix }
}

/** Scores without a scale: what is left of `scaledDot` when the divisor is left out. */
const plainDot: AttentionPart = {
  name: 'plain-dot',
  source: 'Luong et al. 2015, section 3.1, the dot score',
  score: (_, query, key) => matmul(query, transpose(key)),
}

/** Computes attention from the lesson's numbers, and hands back every table on the way. */
export function computeSteps(device: Device, numbers: LessonNumbers): Steps {
  const { heads, scaled } = numbers
  const inputs = device.tensor(numbers.inputs)
  const keep = device.tensor(numbers.keep)
  const query = project(inputs, numbers.queryWeights)
  const key = project(inputs, numbers.keyWeights)
  const value = project(inputs, numbers.valueWeights)
  let scores: Tensor | undefined
  let weights: Tensor | undefined
  const mixed = attendProjections(
    compose([scaled ? scaledDot() : plainDot]),
    {
      query: splitHeads(query.result, heads),
      key: splitHeads(key.result, heads),
      value: splitHeads(value.result, heads),
    },
    {
      mask: { kind: 'tensor', keep },
      tap(site, tensor) {
        if (site === 'scores') scores = device.keep(tensor)
        if (site === 'weights') weights = device.keep(tensor)
        return tensor
      },
    },
  )
  const steps = Array.from({ length: heads }, (_, head) =>
    headSteps({
      query: headOf(splitHeads(query.result, heads), head),
      key: headOf(splitHeads(key.result, heads), head),
      value: headOf(splitHeads(value.result, heads), head),
      scaled: headOf(scores!, head),
      divided: scaled,
      weights: headOf(weights!, head),
      output: headOf(mixed, head),
      keep,
    }),
  )
  const joined = reshape(transpose(mixed, { order: [0, 2, 1, 3] }), query.result.shape)
  const halves = div(round(mul(headOf(weights!, 0), 2)), 2)
  return {
    query: query.product,
    key: key.product,
    value: value.product,
    heads: steps,
    joined: toMatrix(joined),
    projected: heads > 1 ? project(joined, numbers.outputWeights).product : undefined,
    rounded: {
      weights: toMatrix(halves),
      output: toMatrix(matmul(halves, headOf(splitHeads(value.result, heads), 0))),
    },
  }
}

interface HeadTensors {
  readonly query: Tensor
  readonly key: Tensor
  readonly value: Tensor
  readonly scaled: Tensor
  readonly divided: boolean
  readonly weights: Tensor
  readonly output: Tensor
  readonly keep: Tensor
}

/** The tables of one head: what attention computed, and on the way from scores to weights what the softmax does. */
function headSteps({ query, key, value, scaled, divided, weights, output, keep }: HeadTensors): HeadSteps {
  const masked = where(keep, scaled, -Infinity)
  const peaks = max(masked, { axis: -1, keepAxes: true })
  // A query that may look nowhere has no largest score; its exponentials are zeros.
  const exponentials = exp(sub(masked, where(equal(peaks, -Infinity), 0, peaks)))
  const size = query.device.tensor(query.shape[1]!)
  return {
    query: toMatrix(query),
    key: toMatrix(key),
    value: toMatrix(value),
    scores: productOf(query, transpose(key), matmul(query, transpose(key))),
    divisor: divided ? sqrt(size).readSync()[0]! : 1,
    scaled: toMatrix(scaled),
    masked: toMatrix(masked),
    exponentials: toMatrix(exponentials),
    peaks: toMatrix(peaks),
    totals: toMatrix(sum(exponentials, { axis: -1, keepAxes: true })),
    weights: toMatrix(weights),
    output: productOf(weights, value, output),
  }
}

function project(
  x: Tensor,
  numbers: readonly (readonly number[])[],
): { readonly result: Tensor; readonly product: Product } {
  const weights = x.device.tensor(numbers)
  const result = matmul(x, weights)
  return { result, product: productOf(x, weights, result) }
}

/** A product with the terms of each of its cells: row of `left` times column of `right`, number by number. */
function productOf(left: Tensor, right: Tensor, result: Tensor): Product {
  const terms = mul(unsqueeze(left, { axis: 1 }), unsqueeze(transpose(right), { axis: 0 }))
  return { ...toMatrix(result), terms: toMatrix(terms) }
}

/** `[1, heads, length, headSize]` from `[length, size]`: each head reads neighbouring columns. */
function splitHeads(x: Tensor, heads: number): Tensor {
  const [length, size] = x.shape as [number, number]
  return transpose(reshape(x, [1, length, heads, size / heads]), { order: [0, 2, 1, 3] })
}

/** `[length, columns]` from `[1, heads, length, columns]`. */
function headOf(x: Tensor, head: number): Tensor {
  const [, , length, columns] = x.shape as [number, number, number, number]
  return reshape(slice(x, [{}, { start: head, size: 1 }]), [length, columns])
}
