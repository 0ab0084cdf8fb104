import type { TestFunction } from '@qkv/tensor/conformance'

/** Registers the tests of the contract that need no synchronous reads, which WebGPU does not have, and skips the others. */
export function asynchronousTests(register: TestFunction, skip: TestFunction): TestFunction {
  return (name, run) => {
    if (name.includes(', transposed: ')) skip(`${name}: reads synchronously`, run)
    else register(name, run)
  }
}
