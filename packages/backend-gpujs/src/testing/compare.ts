import { createReferenceBackend, Device } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import type { Program } from './programs.ts'

const truth = new Device(createReferenceBackend({ precision: 'float64' }))

/** Runs a program on a device and on the float64 reference; `null` when the results agree and no buffer is left, else a sentence. */
export async function compare(device: Device, program: Program, tolerance: number): Promise<string | null> {
  const wanted = truth.scoped(() => program(truth).map((output) => output.readSync()))
  const scope = device.scope()
  const outputs = program(device)
  try {
    for (const [index, output] of outputs.entries()) {
      const found = mismatch(await output.read(), wanted[index]!, {
        absolute: tolerance,
        relative: tolerance,
      })
      if (found) return `output ${index}, ${found}`
    }
  } finally {
    scope.dispose()
  }
  const { liveBuffers } = device.memory()
  return liveBuffers === 0 ? null : `${liveBuffers} buffers were left behind`
}
