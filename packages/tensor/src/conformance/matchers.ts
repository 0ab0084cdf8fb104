import type { HostArray } from '../dtype.ts'

export interface Tolerance {
  readonly absolute: number
  readonly relative: number
}

/**
 * `null` when all numbers agree, else a sentence with the worst one: NaN matches NaN, infinities match themselves.
 *
 * @example
 * expect(mismatch(got, wanted, { absolute: 1e-6, relative: 1e-5 })).toBeNull()
 */
export function mismatch(
  got: HostArray | readonly number[],
  wanted: HostArray | readonly number[],
  tolerance: Tolerance,
): string | null {
  if (got.length !== wanted.length) return `got ${got.length} elements, wanted ${wanted.length}`
  let worst: string | null = null
  let worstExcess = 0
  for (let index = 0; index < wanted.length; index++) {
    const actual = got[index]!
    const expected = wanted[index]!
    if (Object.is(actual, expected) || actual === expected) continue
    const allowed = tolerance.absolute + tolerance.relative * Math.abs(expected)
    const difference = Math.abs(actual - expected)
    if (difference <= allowed) continue
    const excess = Number.isFinite(difference) ? difference / allowed : Infinity
    if (worst !== null && excess <= worstExcess) continue
    worst = `element ${index}: got ${actual}, wanted ${expected}, allowed difference ${allowed}`
    worstExcess = excess
  }
  return worst
}
