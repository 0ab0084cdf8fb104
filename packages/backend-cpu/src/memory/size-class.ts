/** Blocks are multiples of a cache line, and so aligned to it. */
export const lineBytes = 64

/**
 * The index of the free list that a size in lines belongs to: one list per size up to 16 lines, then eight per
 * doubling, so that at most an eighth of a block is lost.
 */
export function classOf(lines: number): number {
  if (lines <= 16) return lines
  const last = lines - 1
  const exponent = 31 - Math.clz32(last)
  return 16 + (exponent - 4) * 8 + (last >> (exponent - 3)) - 7
}

/** How many lines the blocks of a class have. */
export function linesOf(sizeClass: number): number {
  if (sizeClass <= 16) return sizeClass
  const step = sizeClass - 17
  return ((step & 7) + 9) << ((step >> 3) + 1)
}
