import type { HostArray } from '@qkv/tensor'
import type { GoldenTensor } from './golden-case.ts'

const absoluteTolerance = 1e-6
const relativeTolerance = 1e-5
/** How many times PyTorch's own float32 error is allowed. */
const slack = 16

/**
 * `null` when `got` agrees with the reference, else a sentence about the worst element: floats within
 * `max(1e-6, 16 * float32Error) + 1e-5 * |wanted|`, integers and booleans exactly; NaN matches NaN, infinities match
 * themselves.
 */
export function mismatch(got: HostArray | readonly number[], wanted: GoldenTensor): string | null {
  const { data, dtype, float32Error } = wanted
  if (got.length !== data.length) return `has ${got.length} elements, wanted ${data.length}`
  const exact = dtype === 'i32' || dtype === 'bool'
  const absolute = exact ? 0 : Math.max(absoluteTolerance, slack * float32Error)
  const relative = exact ? 0 : relativeTolerance
  let worst: string | null = null
  let worstExcess = 0
  for (let index = 0; index < data.length; index++) {
    const actual = got[index]!
    const expected = data[index]!
    if (actual === expected || (Number.isNaN(actual) && Number.isNaN(expected))) continue
    const allowed = Number.isFinite(expected) ? absolute + relative * Math.abs(expected) : 0
    const difference = Math.abs(actual - expected)
    if (difference <= allowed) continue
    const excess = Number.isFinite(difference) ? difference / Math.max(allowed, Number.MIN_VALUE) : Infinity
    if (worst !== null && !(excess > worstExcess)) continue
    worst = `[${index}] is ${actual}, wanted ${expected} within ${allowed.toPrecision(3)}`
    worstExcess = excess
  }
  return worst
}
