import { interpolate } from '../../math/interpolation-table.ts'
import { exponentialTable } from '../../math/tables.ts'

// Places are indices of four-byte elements, but for masks.

/**
 * Turns products of a query with `width` keys into scores, in place: scaled, softly capped unless `softcap` is 0, with the
 * bias at index `bias` unless that is negative, and minus infinity outside `[first, end)` and where the byte from `keep` on is 0,
 * unless that is negative. Returns the largest.
 */
export function scoreRow(
  heap: Float32Array,
  row: number,
  width: number,
  first: number,
  end: number,
  scale: number,
  softcap: number,
  bias: number,
  biasStride: number,
  bytes: Uint8Array,
  keep: number,
): number {
  if (first > 0) heap.fill(-Infinity, row, row + first)
  if (end < width) heap.fill(-Infinity, row + end, row + width)
  let peak = -Infinity
  for (let column = first; column < end; column = (column + 1) | 0) {
    const place = (row + column) | 0
    let score = heap[place]! * scale
    if (softcap > 0) score = softcap * Math.tanh(score / softcap)
    if (bias >= 0) score += heap[(bias + Math.imul(column, biasStride)) | 0]!
    if (keep >= 0 && bytes[keep + column] === 0) score = -Infinity
    heap[place] = score
    peak = score > peak ? score : peak
  }
  return peak
}

/** Replaces scores by the exponentials of what they have above `shift`, and returns their sum. */
export function exponentiateRow(heap: Float32Array, row: number, width: number, shift: number): number {
  const table = exponentialTable()
  const low = table[0]!
  const high = table[1]!
  const density = table[2]!
  let total = 0
  for (const end = (row + width) | 0; row < end; row = (row + 1) | 0) {
    const value = interpolate(table, low, high, density, heap[row]! - shift)
    heap[row] = value
    total += value
  }
  return total
}

export function scaleRow(heap: Float32Array, row: number, width: number, factor: number): void {
  for (const end = (row + width) | 0; row < end; row = (row + 1) | 0) heap[row] = heap[row]! * factor
}

/** Sets those to zero whose random word is below `bound`, and multiplies the others by `factor`. */
export function dropRow(
  heap: Float32Array,
  row: number,
  width: number,
  factor: number,
  int32: Int32Array,
  words: number,
  bound: number,
): void {
  for (const end = (row + width) | 0; row < end; row = (row + 1) | 0) {
    const value = heap[row]! * factor
    heap[row] = int32[words]! < bound ? 0 : value
    words = (words + 1) | 0
  }
}

/** Turns gradients of weights into those of scores: `weights (gradients - delta)`. */
export function weightGradients(
  heap: Float32Array,
  row: number,
  gradients: number,
  width: number,
  delta: number,
): void {
  for (const end = (row + width) | 0; row < end; row = (row + 1) | 0) {
    heap[gradients] = heap[row]! * (heap[gradients]! - delta)
    gradients = (gradients + 1) | 0
  }
}
