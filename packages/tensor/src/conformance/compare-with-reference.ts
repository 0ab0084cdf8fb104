import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import type { HostArray } from '../dtype.ts'
import type { Tensor } from '../tensor.ts'
import { mismatch } from './matchers.ts'

/** Makes the same tensors on any device. */
export type Program = (device: Device) => readonly Tensor[]

const truth = new Device(createReferenceBackend({ precision: 'float64' }))

/**
 * Runs a program on a device and on the float64 reference. Gives `null` when the results agree and no buffer is left, else a
 * sentence. `tolerance` is relative to one or to the result. `reference` is another truth than that of float64.
 *
 * @example
 * expect(await compareWithReference(device, (on) => [softmax(on.tensor([1, 2, 3]))])).toBeNull()
 */
export async function compareWithReference(
  device: Device,
  program: Program,
  tolerance = 2e-5,
  reference: Device = truth,
): Promise<string | null> {
  const wanted = reference.scoped(() => program(reference).map((output) => output.readSync()))
  const { liveBuffers } = device.memory()
  const got = await runOn(device, program)
  if (got.length !== wanted.length) return `got ${got.length} outputs, wanted ${wanted.length}`
  for (const [index, output] of got.entries()) {
    const found = mismatch(output, wanted[index]!, { absolute: tolerance, relative: tolerance })
    if (found) return `output ${index}, ${found}`
  }
  const left = device.memory().liveBuffers - liveBuffers
  return left === 0 ? null : `${left} buffers were left behind`
}

async function runOn(device: Device, program: Program): Promise<readonly HostArray[]> {
  const outputs = device.scoped(() => [...program(device)])
  const values = await Promise.all(outputs.map((output) => output.read()))
  for (const output of outputs) output.dispose()
  return values
}
