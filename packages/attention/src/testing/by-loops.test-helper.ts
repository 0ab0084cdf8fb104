import type { Tensor } from '@qkv/tensor'

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

/**
 * Attention of all heads, whose columns of `size` stand side by side: one row per position, the heads side by side again. Query head `h`
 * reads key head `floor(h * keyHeads / heads)`.
 */
export function attendHeadsByLoops(
  query: Rows,
  key: Rows,
  value: Rows,
  size: number,
  causal = false,
): number[][] {
  const [heads, keyHeads] = [query[0]!.length / size, key[0]!.length / size]
  const mixed = Array.from({ length: heads }, (_, head) => {
    const shared = Math.floor((head * keyHeads) / heads)
    const [keys, values] = [columnsOf(key, shared, size), columnsOf(value, shared, size)]
    return attendByLoops(columnsOf(query, head, size), keys, values, causal)
  })
  return joinByLoops(mixed)
}

/** Columns 2i and 2i + 1 of each row are a complex number, times exp(i position base^(-2i / columns)). */
export function turnRows(rows: Rows, base: number): number[][] {
  return rows.map((row, position) =>
    row.map((x, column) => {
      const angle = position * base ** (-(column - (column % 2)) / row.length)
      const other = row[column % 2 === 0 ? column + 1 : column - 1]!
      return x * Math.cos(angle) + (column % 2 === 0 ? -1 : 1) * other * Math.sin(angle)
    }),
  )
}
