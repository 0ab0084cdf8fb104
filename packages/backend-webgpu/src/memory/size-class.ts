const smallest = 256

/** The bytes that a buffer for `bytes` gets: a quarter of a power of two at most is wasted, and few sizes occur. */
export function sizeClass(bytes: number): number {
  if (bytes <= smallest) return smallest
  const step = 2 ** Math.max(6, Math.floor(Math.log2(bytes - 1)) - 2)
  return Math.ceil(bytes / step) * step
}
