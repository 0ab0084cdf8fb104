import { BackendError, sizeOf } from '@qkv/tensor'

/**
 * Throws a `BackendError` that says the limit where an array would be too long. `role` tells what it is where it is no tensor that
 * anybody has asked for.
 */
export function checkLength(operation: string, shape: readonly number[], largest: number, role = ''): void {
  const size = sizeOf(shape)
  if (size <= largest) return
  throw new BackendError({
    operation,
    argument: 'shape',
    got: `[${shape.join(', ')}]${role} has ${size} elements`,
    expected: `at most ${largest} on the backend 'gpujs', where an array has to fit one texture and is counted in floats`,
    fix: "Use the backend 'webgpu' or 'cpu', or cut the tensor into parts.",
  })
}
