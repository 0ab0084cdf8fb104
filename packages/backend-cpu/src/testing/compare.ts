import { createReferenceBackend, Device, type HostArray, type Op, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { createCpuBackend, type SimdBuild } from '../index.ts'

/** All that this platform can run; the tests run each. */
export const builds: readonly SimdBuild[] = ['relaxed', 'plain', 'none']

/** Numbers for a tensor: a shape, and values that repeat as often as needed. */
export interface Numbers {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

const truth = new Device(createReferenceBackend({ precision: 'float64' }))
// The same for all programs: no result may depend on what earlier ones left in the memory.
const devices = builds.map((build) => ({ build, device: new Device(createCpuBackend({ simd: build })) }))

export function toTensor(device: Device, { shape, values }: Numbers): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  const data = Float32Array.from({ length: size }, (_, index) => values[index % values.length]!)
  return device.tensor(data, { shape })
}

/** How far results may be from the truth, absolute and relative; products of float32 sums may need more than those of doubles. */
export interface Tolerance {
  readonly none: number
  readonly simd: number
}

/** Rounding of float32, for results that are made in few steps. */
const fewSteps: Tolerance = { none: 2e-6, simd: 2e-6 }

/**
 * Runs the same program on each build of the CPU backend and on the float64 reference. Returns `null` when the results agree
 * and no buffer is left, else a sentence.
 */
export function compare(
  program: (device: Device) => readonly Tensor[],
  tolerance: number | Tolerance = fewSteps,
): string | null {
  const { none, simd } = typeof tolerance === 'number' ? { none: tolerance, simd: tolerance } : tolerance
  const run = (on: Device): readonly HostArray[] =>
    on.scoped(() => program(on).map((output) => output.readSync()))
  const wanted = run(truth)
  for (const { build, device } of devices) {
    const allowed = build === 'none' ? none : simd
    const got = run(device)
    if (got.length !== wanted.length) return `${build}: got ${got.length} outputs, wanted ${wanted.length}`
    for (const [index, output] of got.entries()) {
      const found = mismatch(output, wanted[index]!, { absolute: allowed, relative: allowed })
      if (found) return `${build}: output ${index}, ${found}`
    }
    const { liveBuffers } = device.memory()
    if (liveBuffers > 0) return `${build}: ${liveBuffers} buffers were left behind`
  }
  return null
}

/** `compare` for one operation. */
export function compareOp<Attrs>(
  op: Op<Attrs>,
  inputs: readonly Numbers[],
  attrs: Attrs,
  scalars: readonly number[] = [],
  tolerance?: number | Tolerance,
): string | null {
  const program = (device: Device): readonly Tensor[] =>
    device.apply(
      op,
      inputs.map((input) => toTensor(device, input)),
      attrs,
      scalars,
    )
  return compare(program, tolerance)
}

/** Whether two results are the same to the last bit, NaN and the sign of zero too. */
export function haveSameBits(a: HostArray, b: HostArray): boolean {
  const [bytes, others] = [a, b].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  )
  return a.length === b.length && bytes!.every((byte, index) => byte === others![index])
}
