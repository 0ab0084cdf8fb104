import { BackendError } from '@qkv/tensor'
import { largestExactInteger } from './integer-range.ts'

/** Throws a `BackendError` for whole numbers that floats would round without a word. */
export function checkWholeNumbers(operation: string, argument: string, numbers: readonly number[]): void {
  const wrong = numbers.find((value) => Math.abs(value) > largestExactInteger)
  if (wrong === undefined) return
  throw new BackendError({
    operation,
    argument,
    got: `holds ${wrong}`,
    expected: `whole numbers from -${largestExactInteger} to ${largestExactInteger} on the backend 'gpujs', where all numbers are 32-bit floats`,
    fix: "Use the backend 'webgpu' or 'cpu', or smaller numbers.",
  })
}
