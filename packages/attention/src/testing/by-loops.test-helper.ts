import type { Module } from '@qkv/nn'
import type { Tensor } from '@qkv/tensor'
import { sampleTensor } from '../conformance/sample-values.ts'

/** Plain rows of numbers, of one head of one batch entry: attention over them is what tests of parts compare with. */
export type Rows = readonly (readonly number[])[]

/** The last two axes at the given indices of the axes before. */
export function rowsOf(tensor: Tensor, ...indices: readonly number[]): number[][] {
  const [rows, columns] = tensor.shape.slice(-2) as [number, number]
  const matrix = indices.reduce((total, index, axis) => total * tensor.shape[axis]! + index, 0)
  const values = tensor.readSync()
  return Array.from({ length: rows }, (_, row) => {
    const start = (matrix * rows + row) * columns
    return Array.from(values.slice(start, start + columns))
  })
}

/** `rows weightᵀ + bias`. */
export function mapRows(rows: Rows, weight: Rows, bias: readonly number[] = []): number[][] {
  return rows.map((row) => weight.map((weights, column) => dot(row, weights) + (bias[column] ?? 0)))
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, x, index) => total + x * b[index]!, 0)
}

/** Exponentials over their sum; a score of -Infinity gets none. */
export function softmaxOf(scores: readonly number[]): number[] {
  const peak = Math.max(...scores)
  const exponentials = scores.map((score) => Math.exp(score - peak))
  const total = exponentials.reduce((sum, each) => sum + each, 0)
  return exponentials.map((each) => each / total)
}

/** The sum of the rows of `value`, each times its weight. */
export function mixRows(weights: readonly number[], value: Rows): number[] {
  return value[0]!.map((_, column) =>
    dot(
      weights,
      value.map((row) => row[column]!),
    ),
  )
}

/** Columns `head * size` to `(head + 1) * size - 1`. */
export function columnsOf(rows: Rows, head: number, size: number): number[][] {
  return rows.map((row) => row.slice(head * size, (head + 1) * size))
}

/** `softmax(query keyᵀ / √size) value`; with `causal`, over keys up to the query. */
export function attendByLoops(query: Rows, key: Rows, value: Rows, causal = false): number[][] {
  return query.map((row, position) => {
    const seen = causal ? position + 1 : key.length
    const scores = key.slice(0, seen).map((other) => dot(row, other) / Math.sqrt(row.length))
    return mixRows(softmaxOf(scores), value.slice(0, seen))
  })
}

/** One row per position, the heads side by side. */
export function joinByLoops(heads: readonly Rows[]): number[][] {
  return heads[0]!.map((_, row) => heads.flatMap((head) => [...head[row]!]))
}

/** Gives every parameter numbers of its own: those that start as zeros or ones would hide one that is forgotten. */
export function fillParameters(module: Module): void {
  for (const [index, parameter] of [...module.parameters().values()].entries()) {
    const { device, shape } = parameter.value
    device.scoped(() => parameter.assign(sampleTensor(device, shape, 3 + index)))
  }
}
