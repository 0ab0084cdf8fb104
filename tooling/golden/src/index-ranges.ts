import { reshape, slice, type SliceRange, type Tensor } from '@qkv/tensor'

/**
 * Takes part of a tensor as Python would: `1:3, 0:4:2`, `:, -2:`, `..., 0`. A plain number removes its axis; bounds outside
 * the axis are moved to its ends.
 */
export function takeRanges(x: Tensor, text: string): Tensor {
  const entries = text.split(',').map((entry) => entry.trim())
  const dots = entries.indexOf('...')
  if (dots >= 0) {
    entries.splice(dots, 1, ...new Array<string>(x.rank - entries.length + 1).fill(':'))
  }
  if (entries.length > x.rank) throw new Error(`[${text}] has more entries than the tensor has axes`)
  const part = slice(
    x,
    entries.map((entry, axis) => rangeOf(entry, x.shape[axis]!)),
  )
  return reshape(
    part,
    part.shape.filter((_, axis) => entries[axis]?.includes(':') ?? true),
  )
}

function rangeOf(entry: string, length: number): SliceRange {
  const parts = entry.split(':').map((part) => (part.trim() === '' ? undefined : Number(part)))
  if (parts.some((part) => part !== undefined && !Number.isInteger(part)) || parts.length > 3) {
    throw new Error(`'${entry}' is no index or range`)
  }
  const [first, last, step = 1] = parts
  if (parts.length === 1) {
    if (first === undefined) throw new Error('an index is missing')
    return { start: first < 0 ? first + length : first, size: 1 }
  }
  if (step === 0) throw new Error(`'${entry}' has a step of 0`)
  // Python's rule: going down, the ends are the last element and the place before the first one.
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1]
  const bound = (value: number): number =>
    Math.min(Math.max(value < 0 ? value + length : value, lowest), highest)
  const start = first === undefined ? (step > 0 ? lowest : highest) : bound(first)
  const stop = last === undefined ? (step > 0 ? highest : lowest) : bound(last)
  const size = Math.max(0, Math.ceil((stop - start) / step))
  return size === 0 ? { start: 0, size } : { start, size, step }
}
