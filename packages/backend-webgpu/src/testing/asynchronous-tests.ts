import type { TestFunction } from '@qkv/tensor/conformance'
import type { TestContext } from 'vitest'

type Register = (name: string, run: (context: TestContext) => void | Promise<void>) => void

/** Registers the tests of the contract, and skips those that read synchronously, which WebGPU cannot. */
export function asynchronousTests(register: Register): TestFunction {
  return (name, run) => {
    if (name.includes(', transposed: '))
      register(name, ({ skip }) => skip('reads synchronously, which WebGPU cannot'))
    else register(name, async () => run())
  }
}
