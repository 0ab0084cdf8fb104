import {
  add,
  ArgumentError,
  attention,
  BackendError,
  crossEntropy,
  Device,
  exp,
  gather,
  layerNorm,
  matmul,
  mul,
  neg,
  scatterAdd,
  softmax,
  sum,
  takeAlongAxis,
  type Tensor,
  valueAndGrad,
} from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createWebGpuBackend, describeWebGpuBackend, type GpuProvider } from '../src/index.ts'
import { pretendedLimits } from '../src/testing/pretended-gpu.ts'

/** The GPU of the browser, which tells of the devices that it opens. */
function spiedGpu(): { readonly gpu: GpuProvider; readonly devices: GPUDevice[] } {
  const devices: GPUDevice[] = []
  const gpu: GpuProvider = {
    async requestAdapter() {
      const adapter = (await navigator.gpu.requestAdapter())!
      return {
        info: adapter.info,
        features: adapter.features,
        limits: adapter.limits,
        async requestDevice(descriptor: GPUDeviceDescriptor) {
          const device = await adapter.requestDevice(descriptor)
          devices.push(device)
          return device
        },
      }
    },
  }
  return { gpu, devices }
}

/** How many buffers of at least so many bytes a device makes from now on, and how many of these were destroyed. */
function spiedBuffers(
  device: GPUDevice,
  least: number,
): { readonly made: number; readonly destroyed: number } {
  const counts = { made: 0, destroyed: 0 }
  const createBuffer = device.createBuffer.bind(device)
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor)
    if (descriptor.size < least) return buffer
    counts.made += 1
    const destroy = buffer.destroy.bind(buffer)
    buffer.destroy = () => {
      counts.destroyed += 1
      return destroy()
    }
    return buffer
  }
  return counts
}

test('a lost device refuses what waits and what follows, and the next one works', async () => {
  const { gpu, devices } = spiedGpu()
  const backend = await createWebGpuBackend({ gpu })
  const device = new Device(backend)
  const x = device.tensor([1, 2, 3])
  const waiting = add(x, x).read()
  devices[0]!.destroy()
  await expect(waiting).rejects.toThrow(/webgpu: 'device' was lost/)
  await expect(x.read()).rejects.toThrow(BackendError)
  await expect(device.synchronize()).rejects.toThrow(/Open a new device/)
  expect(() => add(x, x)).toThrow(/was lost/)
  expect(() => device.tensor([1])).toThrow(/was lost/)
  await device.dispose()

  const next = new Device(await createWebGpuBackend({ gpu }))
  expect(await add(next.tensor([1]), next.tensor([2])).read()).toEqual(new Float32Array([3]))
  await next.dispose()
})

test('whatever waits when the device is disposed is refused, and does not hang', async () => {
  const device = new Device(await createWebGpuBackend())
  const x = device.tensor([1, 2, 3])
  const reads = [add(x, x).read(), x.read()]
  const waits = [...reads, device.synchronize()].map((each) => each.then(String, String))
  await device.dispose()
  for (const outcome of await Promise.all(waits)) expect(outcome).toMatch(/'device' was disposed/)
})

test('a loss while a read-back is on its way ends it: with its numbers, or with the sentence', async () => {
  const { gpu, devices } = spiedGpu()
  const device = new Device(await createWebGpuBackend({ gpu }))
  const read = add(device.tensor([1]), device.tensor([2])).read()
  // The copy is submitted by now, and the mapping is not there yet.
  await Promise.resolve()
  devices[0]!.destroy()
  await expect(read.then((numbers) => String(numbers), String)).resolves.toMatch(/^3$|'device' was lost/)
  await device.synchronize().catch(() => {})
  expect(() => device.tensor([1])).toThrow(/was lost/)
  await device.dispose()
})

test('who reads or synchronizes waits until the answer, and is forgotten then', async () => {
  const backend = await createWebGpuBackend()
  const device = new Device(backend)
  const x = device.tensor([1, 2, 3])
  const waits = [x.read(), x.read(), device.synchronize()]
  await Promise.resolve()
  expect(backend.description.counters.waiting).toBe(3)
  await Promise.all(waits)
  expect(backend.description.counters.waiting).toBe(0)
  await device.dispose()
})

test('lengths of one class are computed by the same compiled kernels, and a batch is one submit', async () => {
  const backend = await createWebGpuBackend()
  const device = new Device(backend)
  const compute = async (rows: number, width: number): Promise<number> => {
    const before = backend.description.counters
    const x = device.tensor(new Float32Array(rows * width), { shape: [rows, width] })
    const weight = device.tensor(new Float32Array(width * width), { shape: [width, width] })
    await sum(softmax(layerNorm(matmul(exp(x), weight)))).read()
    const { submits, dispatches, pipelines } = backend.description.counters
    expect(dispatches - before.dispatches).toBeGreaterThanOrEqual(5)
    expect(submits - before.submits).toBe(1)
    return pipelines - before.pipelines
  }
  // Short and long lines, and widths that vectors of four fit in, are classes of their own.
  for (const [rows, width] of [
    [8, 12],
    [300, 200],
    [7, 13],
    [301, 203],
  ] as const)
    await compute(rows, width)
  for (const [rows, width] of [
    [9, 16],
    [16, 20],
    [320, 204],
    [9, 15],
    [311, 209],
  ] as const)
    expect(await compute(rows, width), `${rows} by ${width}`).toBe(0)
  await device.dispose()
})

test('a disposed device says so', async () => {
  const backend = await createWebGpuBackend()
  await backend.dispose()
  await backend.dispose()
  expect(() => backend.upload(new Float32Array(1), { shape: [1], dtype: 'float32' })).toThrow(/was disposed/)
})

test('without an adapter the sentence says so', async () => {
  const gpu: GpuProvider = { requestAdapter: async () => null }
  await expect(createWebGpuBackend({ gpu })).rejects.toThrow(/'adapter' is null.*use the backend cpu/)
})

test('indices out of range are refused where they are as they were uploaded', async () => {
  const device = new Device(await createWebGpuBackend())
  const table = device.tensor([
    [1, 2],
    [3, 4],
  ])
  const indices = (...values: readonly number[]): Tensor => device.tensor(Int32Array.from(values))
  expect(() => gather(table, indices(0, 2))).toThrow(ArgumentError)
  expect(() => gather(table, indices(1, 0, -1))).toThrow(
    "'indices' holds -1 at [2], expected indices from 0 to 1",
  )
  expect(() => crossEntropy(table, indices(0, 5))).toThrow("'targets' holds 5 at [1]")
  expect(() => crossEntropy(table, indices(-7, 5), { ignoreIndex: -7 })).toThrow(/'targets' holds 5/)
  expect(await crossEntropy(table, indices(-7, -7), { ignoreIndex: -7, reduction: 'sum' }).read()).toEqual(
    new Float32Array([0]),
  )
  await device.dispose()
})

test('computed indices out of range are moved to the nearest inside, and gradients follow them', async () => {
  const device = new Device(await createWebGpuBackend())
  const integers = (...values: readonly number[]): Tensor => device.tensor(Int32Array.from(values))
  const computed = add(integers(-1, 1, 3, 4, -9), 0)
  const table = device.tensor([10, 20, 30])
  expect(await gather(table, computed).read()).toEqual(new Float32Array([10, 20, 30, 30, 10]))
  const updates = device.tensor([1, 2, 4, 8, 16])
  expect(await scatterAdd(updates, computed, { length: 3 }).read()).toEqual(new Float32Array([17, 2, 12]))
  const { gradients } = valueAndGrad(() => sum(mul(gather(table, computed), updates)), [table])
  expect(await gradients[0]!.read()).toEqual(new Float32Array([17, 2, 12]))
  // Long lists of indices are sorted in another way.
  const many = Int32Array.from({ length: 5000 }, (_, index) => (index % 7) - 2)
  const counts = scatterAdd(device.tensor(new Float32Array(5000).fill(1)), add(device.tensor(many), 0), {
    length: 3,
  })
  const wanted = [0, 0, 0]
  for (const place of many) wanted[Math.min(Math.max(place, 0), 2)]! += 1
  expect(await counts.read()).toEqual(Float32Array.from(wanted))
  await device.dispose()
})

test('of computed indices along an axis, those outside become the first element of all', async () => {
  const device = new Device(await createWebGpuBackend())
  const x = device.tensor([
    [1, 2],
    [3, 4],
  ])
  const computed = add(device.tensor(Int32Array.from([1, 2, -1, 0]), { shape: [2, 2] }), 0)
  expect(await takeAlongAxis(x, computed).read()).toEqual(new Float32Array([2, 1, 1, 3]))
  await device.dispose()
})

test('a tensor longer than any buffer is refused with the limit', async () => {
  const backend = await createWebGpuBackend()
  const { maxStorageBufferBindingSize } = backend.description.limits
  const largest = maxStorageBufferBindingSize - (maxStorageBufferBindingSize % 16)
  const elements = largest / 4 + 1
  const call = {
    attrs: {},
    scalars: [0, 1],
    inputs: [],
    outputs: [{ shape: [elements], dtype: 'float32' as const }],
  }
  const { fullOp } = await import('@qkv/tensor')
  expect(() => backend.run({ ...call, op: fullOp as never })).toThrow(
    new RegExp(`takes ${elements * 4} bytes, expected no more than ${largest} bytes.*backend cpu`),
  )
  await backend.dispose()
})

test('a refused call leaves no buffer behind', async () => {
  const backend = await createWebGpuBackend()
  const device = new Device(backend)
  const length = Math.ceil(Math.sqrt(backend.description.limits.maxStorageBufferBindingSize / 4)) + 1
  const query = device.tensor(new Float32Array(length), { shape: [1, length, 1, 1] })
  const key = device.tensor(new Float32Array(length), { shape: [1, 1, length, 1] })
  // The scores of one query, of all heads, do not fit one binding.
  expect(() => attention(query, key, key, { mask: { kind: 'all' } })).toThrow(/maxStorageBufferBindingSize/)
  expect(device.memory().liveBuffers).toBe(2)
  await device.dispose()
})

test('it describes the GPU, also from inside decorators', async () => {
  const backend = await createWebGpuBackend({ matmul: 'direct' })
  const description = describeWebGpuBackend({ ...backend })
  expect(description).toMatchObject({ matmul: 'direct', counters: { dispatches: 0, liveBuffers: 0 } })
  expect(description!.vendor.length + description!.adapter.length).toBeGreaterThan(0)
  await backend.dispose()
})

test('released buffers beyond the bound are given back', async () => {
  const { gpu, devices } = spiedGpu()
  const device = new Device(await createWebGpuBackend({ gpu, pooledBytes: 2 ** 16 }))
  const large = spiedBuffers(devices[0]!, 2 ** 17)
  const rounds = 8
  for (let round = 0; round < rounds; round++) {
    const big = device.tensor(new Float32Array(2 ** 15))
    add(big, big).dispose()
    big.dispose()
    await device.synchronize()
  }
  // An argument and a result each time, and none is left.
  expect(large).toEqual({ made: 2 * rounds, destroyed: 2 * rounds })
  await device.dispose()
})

test('the last elements of the longest tensor are there where a limit is no multiple of a vector', async () => {
  const gpu = pretendedLimits(navigator.gpu, { maxStorageBufferBindingSize: 1036 })
  const device = new Device(await createWebGpuBackend({ gpu }))
  const values = (length: number): Float32Array => Float32Array.from({ length }, (_, index) => index + 1)
  expect(await neg(device.tensor(values(256))).read()).toEqual(values(256).map((value) => -value))
  expect(() => device.tensor(values(257))).toThrow('takes 1028 bytes, expected no more than 1024 bytes')
  await device.dispose()
})
