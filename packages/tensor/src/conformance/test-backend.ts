import type { Backend } from '../backend/backend.ts'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import type { HostArray } from '../dtype.ts'
import type { Op, OpSample } from '../op.ts'
import { broadcastTo } from '../ops/broadcast-to.ts'
import { concat } from '../ops/concat.ts'
import { copy } from '../ops/copy.ts'
import { pad } from '../ops/pad.ts'
import { reshape } from '../ops/reshape.ts'
import { slice } from '../ops/slice.ts'
import { transpose } from '../ops/transpose.ts'
import { donate, type Tensor } from '../tensor.ts'
import { isDifferentiable, sampleGradients, sampleTensors } from './gradient-check.ts'
import { mismatch } from './matchers.ts'
import { allOps } from './op-list.ts'
import { sampleData } from './sample-data.ts'
import type { TestFunction } from './test-op.ts'

export interface TestBackendOptions {
  readonly create: () => Backend | Promise<Backend>
  readonly test: TestFunction
  /** Further ops to run, for example of another package. */
  readonly ops?: readonly Op[]
}

/** How a sample's inputs lie in memory: a backend must give the same result for all of them. */
const arrangements: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  contiguous: (x) => x,
  transposed: (x) => {
    const order = Array.from({ length: x.rank }, (_, axis) => x.rank - 1 - axis)
    return transpose(copy(transpose(x, { order })), { order })
  },
  'every second element': (x) => {
    const between = reshape(x, [...x.shape, 1])
    const pairs = concat([between, between], { axis: x.rank })
    return reshape(slice(pairs, [...x.shape.map(() => ({})), { size: 1 }]), x.shape)
  },
  // Changes the values, alike for the reference: all entries of the first axis are the first one.
  'repeated along the first axis': (x) =>
    x.rank === 0 || x.size === 0 ? x : broadcastTo(slice(x, [{ size: 1 }]), x.shape),
  'with offset and gaps': (x) => {
    const one = x.shape.map(() => 1)
    const padded = pad(x, { before: one, after: one, value: x.dtype === 'float32' ? NaN : 1 })
    return slice(
      padded,
      x.shape.map((size) => ({ start: 1, size })),
    )
  },
}

/**
 * Registers the tests of the backend contract: every op, forward in several memory layouts and backward, against
 * the float64 reference, within the declared tolerance as a share of `1 + 2 |x|` for a result `x`; donation; empty tensors;
 * and no buffer left behind.
 *
 * @example
 * import { test } from 'vitest'
 * testBackend({ create: createCpuBackend, test })
 * // Where opening takes long, one backend for all ops, and the contract with some of their own:
 * testBackend({ create: () => ({ ...backend, dispose: async () => {} }), test })
 * testBackend({ create: createWebGpuBackend, test, ops: [] })
 */
export function testBackend({ create, test, ops = allOps }: TestBackendOptions): void {
  for (const op of ops) {
    for (const [index, sample] of op.samples.entries()) {
      const title = `${op.name} sample ${index}`
      for (const [arrangement, arrange] of Object.entries(arrangements)) {
        test(`${title}, ${arrangement}: forward`, () =>
          withDevice(create, async (device) => {
            await compareForward(device, op, sample, arrange)
          }))
      }
      test(`${title}: forward with donated inputs`, () =>
        withDevice(create, async (device) => {
          await compareForward(device, op, sample, donate)
        }))
      if (!isDifferentiable(op, sample)) continue
      test(`${title}: gradient`, () => withDevice(create, (device) => compareGradients(device, op, sample)))
    }
  }
  testContract(create, test)
}

async function withDevice(
  create: TestBackendOptions['create'],
  run: (device: Device) => Promise<void>,
): Promise<void> {
  const device = new Device(await create())
  const scope = device.scope()
  try {
    await run(device)
  } finally {
    scope.dispose()
  }
  await device.synchronize()
  const { liveBuffers } = device.memory()
  await device.dispose()
  if (liveBuffers !== 0) throw new Error(`${liveBuffers} buffers were left behind`)
}

/** A result `x` may be away by a share of `1 + resultWeight * |x|`. */
export const resultWeight = 2

function toleranceOf(device: Device, op: Op): { absolute: number; relative: number } {
  const { relativeTolerance } = device.backend.capabilities
  const share = Math.max(relativeTolerance, op.relativeTolerance ?? 0, 1e-13)
  return { absolute: share, relative: share * resultWeight }
}

async function compareForward(
  device: Device,
  op: Op,
  sample: OpSample<unknown>,
  arrange: (x: Tensor) => Tensor,
): Promise<void> {
  const data = sampleData(sample)
  const inputs = sampleTensors(device, sample, data).map((input) => arrange(input))
  const outputs = device.apply(op, inputs, sample.attrs, sample.scalars)
  const wanted = referenceOutputs(op, sample, data, arrange)
  for (const [index, output] of outputs.entries()) {
    const found = mismatch(await output.read(), wanted[index]!, toleranceOf(device, op))
    if (found) throw new Error(`output ${index}, ${found}`)
  }
}

function referenceOutputs(
  op: Op,
  sample: OpSample<unknown>,
  data: readonly HostArray[],
  arrange: (x: Tensor) => Tensor,
): readonly HostArray[] {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  return device.scoped(() => {
    const inputs = sampleTensors(device, sample, data).map((input) => arrange(input))
    const outputs = device.apply(op, inputs, sample.attrs, sample.scalars)
    return outputs.map((output) => output.readSync())
  })
}

async function compareGradients(device: Device, op: Op, sample: OpSample<unknown>): Promise<void> {
  const data = sampleData(sample)
  const truth = new Device(createReferenceBackend({ precision: 'float64' }))
  const scope = truth.scope()
  const wanted = sampleGradients(truth, op, sample, data).map((gradient) => gradient?.readSync())
  scope.dispose()
  const got = sampleGradients(device, op, sample, data)
  for (const [index, gradient] of got.entries()) {
    if (!gradient) continue
    const found = mismatch(await gradient.read(), wanted[index]!, toleranceOf(device, op))
    if (found) throw new Error(`gradient of input ${index}, ${found}`)
  }
}

function testContract(create: TestBackendOptions['create'], test: TestFunction): void {
  test('a download is a copy of its own', () =>
    withDevice(create, async (device) => {
      const tensor = device.tensor([1, 2, 3])
      const first = await tensor.read()
      first[0] = 99
      const second = await tensor.read()
      if (second[0] !== 1) throw new Error(`writing to a download changed the tensor to ${second[0]}`)
    }))
  test('an upload is a copy of its own', () =>
    withDevice(create, async (device) => {
      const data = new Float32Array([1, 2, 3])
      const tensor = device.tensor(data)
      data[0] = 99
      const values = await tensor.read()
      if (values[0] !== 1) throw new Error(`writing to the uploaded array changed the tensor to ${values[0]}`)
    }))
  test('a buffer may be released after the backend was disposed', async () => {
    const backend = await create()
    const handle = backend.upload(new Float32Array([1, 2]), { shape: [2], dtype: 'float32' })
    await backend.dispose()
    await backend.dispose()
    backend.release(handle)
  })
  test('synchronous reads exist where they are declared', () =>
    withDevice(create, async ({ backend }) => {
      if (backend.capabilities.synchronousRead !== (backend.downloadSync !== undefined)) {
        throw new Error(`synchronousRead is ${backend.capabilities.synchronousRead}, against downloadSync`)
      }
    }))
}
