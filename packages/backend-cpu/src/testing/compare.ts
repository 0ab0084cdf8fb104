import { createReferenceBackend, Device, type HostArray, type Op, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { createCpuBackend } from '../index.ts'

/** Numbers for a tensor: a shape, and values that repeat as often as needed. */
export interface Numbers {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

const truth = new Device(createReferenceBackend({ precision: 'float64' }))

export function toTensor(device: Device, { shape, values }: Numbers): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  const data = Float32Array.from({ length: size }, (_, index) => values[index % values.length]!)
  return device.tensor(data, { shape })
}

/**
 * Runs the same program on the CPU backend and on the float64 reference. Returns `null` when the results agree and no
 * buffer is left, else a sentence.
 */
export function compare(
  program: (device: Device) => readonly Tensor[],
  tolerance: number = 2e-6,
): string | null {
  const device = new Device(createCpuBackend())
  const run = (on: Device): readonly HostArray[] =>
    on.scoped(() => program(on).map((output) => output.readSync()))
  const got = run(device)
  const wanted = run(truth)
  if (got.length !== wanted.length) return `got ${got.length} outputs, wanted ${wanted.length}`
  for (const [index, output] of got.entries()) {
    const found = mismatch(output, wanted[index]!, { absolute: tolerance, relative: tolerance })
    if (found) return `output ${index}, ${found}`
  }
  const { liveBuffers } = device.memory()
  return liveBuffers === 0 ? null : `${liveBuffers} buffers were left behind`
}

/** `compare` for one operation. */
export function compareOp<Attrs>(
  op: Op<Attrs>,
  inputs: readonly Numbers[],
  attrs: Attrs,
  scalars: readonly number[] = [],
): string | null {
  return compare((device) =>
    device.apply(
      op,
      inputs.map((input) => toTensor(device, input)),
      attrs,
      scalars,
    ),
  )
}
