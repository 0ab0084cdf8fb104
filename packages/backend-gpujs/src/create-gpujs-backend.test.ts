import {
  add,
  argmax,
  attention,
  BackendError,
  createReferenceBackend,
  crossEntropy,
  Device,
  embedding,
  full,
  gather,
  iota,
  matmul,
  mul,
  openDevice,
  randomKey,
  randomUniform,
  sin,
  sub,
  sum,
  type Tensor,
  valueAndGrad,
  zeros,
} from '@qkv/tensor'
import { afterEach, expect, test } from 'vitest'
import { createGpujsBackend, gpujs, type GpujsOptions } from './index.ts'
import { trainSteps } from './testing/train-steps.ts'

const opened: Device[] = []
afterEach(async () => {
  for (const device of opened.splice(0)) await device.dispose()
})

async function open(options: GpujsOptions = { mode: 'webasm' }): Promise<{
  readonly device: Device
  readonly counters: () => {
    readonly compiledKernels: number
    readonly cachedKernels: number
    readonly readBacks: number
  }
}> {
  const backend = await createGpujsBackend(options)
  const device = new Device(backend)
  opened.push(device)
  return { device, counters: () => backend.description.counters }
}

test('without a GPU the fastest mode that is left is taken, with the reasons against the others', async () => {
  const backend = await createGpujsBackend()
  opened.push(new Device(backend))
  expect(backend.description.mode).toBe('webasm')
  expect(backend.description.reasons).toHaveLength(2)
  expect(backend.description.reasons[0]).toMatch(/^webgl2: /)
  expect(backend.description.reasons[1]).toMatch(/^headlessgl: /)
})

test('a mode that cannot run here is refused with the reason, and the next backend is taken', async () => {
  await expect(createGpujsBackend({ mode: 'webgl2' })).rejects.toThrow(
    /^gpujs: 'mode' is 'webgl2', but webgl2: there is no WebGL 2/,
  )
  const device = await openDevice({ backend: [gpujs({ mode: 'webgl2' }), gpujs({ mode: 'cpu' })] })
  opened.push(device)
  expect(device.selection!.rejected).toHaveLength(1)
  expect(await sum(device.tensor([1, 2, 3])).read()).toEqual(Float32Array.of(6))
})

test('loops are not cut off, however long', async () => {
  const { device } = await open()
  const rows = device.tensor(new Float32Array(5000).fill(1), { shape: [1, 5000] })
  const columns = device.tensor(new Float32Array(5000).fill(2), { shape: [5000, 1] })
  expect(await matmul(rows, columns).read()).toEqual(Float32Array.of(10_000))
})

test.each(['webasm', 'cpu'] as const)(
  'in %s a tensor that is too large is refused with the limit',
  async (mode) => {
    const { device } = await open({ mode })
    const refused =
      /at most 16777216 on the backend 'gpujs', where .* Use the backend 'webgpu' or 'cpu', or cut the tensor/
    expect(() => zeros(device, [4097, 4096]).readSync()).toThrow(BackendError)
    expect(() => zeros(device, [4097, 4096]).readSync()).toThrow('[4097, 4096] has 16781312 elements')
    expect(() => zeros(device, [2 ** 24 + 1, 1]).readSync()).toThrow(refused)
    expect(() => device.tensor(new Float32Array(17_000_000))).toThrow(refused)
    // Small inputs and outputs, with something large between them.
    const query = device.tensor(new Float32Array(4100), { shape: [1, 1, 4100, 1] })
    const { liveBuffers } = device.memory()
    expect(() => attention(query, query, query, { mask: { kind: 'all' } })).toThrow(
      /^attention: 'shape' \[16810000\], which it computes in between, has 16810000 elements, expected at most 16777216/,
    )
    expect(device.memory().liveBuffers).toBe(liveBuffers)
  },
)

test.each<readonly [options: unknown, sentence: string]>([
  [
    { mode: 'webgl' },
    "gpujs: 'mode' is 'webgl', expected one of webgl2, headlessgl, webgpu, webasm, cpu. Leave it out for the first that runs here.",
  ],
  [{ mode: null }, "gpujs: 'mode' is null, expected one of webgl2"],
  [{ kernelLimit: 0 }, "gpujs: 'kernelLimit' is 0, expected a whole number of at least 1."],
  [{ kernelLimit: -1 }, "gpujs: 'kernelLimit' is -1,"],
  [{ kernelLimit: '5' }, "gpujs: 'kernelLimit' is '5',"],
  [{ kernelLimit: Number.NaN }, "gpujs: 'kernelLimit' is NaN,"],
  [{ packedProducts: 'no' }, "gpujs: 'packedProducts' is 'no', expected true or false."],
  [{ moed: 'cpu' }, "gpujs: 'moed' is no option, expected one of mode, kernelLimit, packedProducts."],
  ['cpu', "gpujs: 'options' is 'cpu', expected an object."],
  [null, "gpujs: 'options' is null, expected an object."],
])('%j is refused in one sentence', async (options, sentence) => {
  await expect(createGpujsBackend(options as GpujsOptions)).rejects.toThrow(sentence)
  await expect(createGpujsBackend(options as GpujsOptions)).rejects.toThrow(BackendError)
})

test('compiled kernels are few for any number of lengths, and the unused ones make room', async () => {
  const { device, counters } = await open({ mode: 'webasm', kernelLimit: 8 })
  const { compiledKernels } = counters()
  for (let length = 1; length < 30; length++) {
    device.scoped(() => add(device.tensor(new Float32Array(length)), device.tensor(new Float32Array(length))))
  }
  expect(counters().compiledKernels).toBe(compiledKernels + 1)
  for (let length = 1; length < 30; length++) {
    device.scoped(() => sum(device.tensor(new Float32Array(length * 2)), { axis: 0 }))
  }
  expect(counters().cachedKernels).toBe(8)
  expect(counters().compiledKernels).toBeGreaterThan(8)
  expect(await sum(device.tensor([1, 2])).read()).toEqual(Float32Array.of(3))
})

test('indices from the host are checked, and those of kernels stay inside', async () => {
  const { device } = await open()
  const table = device.tensor([[1], [2], [3]])
  expect(() => gather(table, device.tensor(Int32Array.of(0, 3)))).toThrow(
    "gather: 'indices' holds 3, expected indices from 0 to 2",
  )
  expect(() => embedding(device.tensor(Int32Array.of(-1)), table)).toThrow("'indices' holds -1")
  const far = add(argmax(device.tensor([1, 5])), device.tensor(9, { dtype: 'int32' }))
  expect(await gather(table, far).read()).toEqual(Float32Array.of(3))
})

test.each(['webasm', 'cpu'] as const)(
  'in %s scatterAdd moves computed indices inside as gather does, so that gradients are those of what was looked up',
  async (mode) => {
    const { device } = await open({ mode })
    const table = device.tensor([[1], [2], [3]])
    const far = sub(
      device.tensor(Int32Array.of(0, 5, 1, 105, 6)),
      device.tensor(Int32Array.of(7, 4, 0, 100, 0)),
    )
    expect(await gather(table, far).read()).toEqual(Float32Array.of(1, 2, 2, 3, 3))
    const { gradients } = valueAndGrad(
      () => sum(mul(gather(table, far), device.tensor([[1], [10], [100], [1000], [10_000]]))),
      [table],
    )
    expect(await gradients[0]!.read()).toEqual(Float32Array.of(1, 110, 11_000))
  },
)

test('whole numbers that floats cannot hold are refused with the limit and the backends that can', async () => {
  const { device } = await open()
  const refused =
    "expected whole numbers from -16777216 to 16777216 on the backend 'gpujs', where all numbers are 32-bit floats. Use the backend 'webgpu' or 'cpu'"
  const upload = (...numbers: number[]): Tensor => device.tensor(Int32Array.from(numbers))
  expect(() => upload(5, 16_777_217)).toThrow(BackendError)
  expect(() => upload(5, 16_777_217)).toThrow(`upload: 'data' holds 16777217, ${refused}`)
  expect(() => upload(-16_777_217, 5)).toThrow(`upload: 'data' holds -16777217, ${refused}`)
  expect(() => full(device, [2], 2 ** 31 - 1, { dtype: 'int32' })).toThrow("full: 'value' holds 2147483647")
  expect(() => iota(device, [3], { start: 2 ** 24 - 1, dtype: 'int32' })).toThrow(
    "iota: 'start' holds 16777217",
  )
  expect(device.memory().liveBuffers).toBe(0)
  expect(await upload(2 ** 24, -(2 ** 24)).read()).toEqual(Int32Array.of(2 ** 24, -(2 ** 24)))
  expect(await device.tensor(Float32Array.of(3e38)).read()).toEqual(Float32Array.of(3e38))
  expect(await device.tensor([true, false]).read()).toEqual(Uint8Array.of(1, 0))
  const key = randomKey(2 ** 32 - 1)
  const truth = new Device(createReferenceBackend())
  expect(await randomUniform(device, [4], { key }).read()).toEqual(
    randomUniform(truth, [4], { key }).readSync(),
  )
})

test('sines of arguments without digits left stay between -1 and 1', async () => {
  const { device } = await open()
  for (const value of await sin(device.tensor([1e9, -1e20, 3e38, -3e38])).read())
    expect(Math.abs(value)).toBeLessThanOrEqual(1)
})

test('targets are checked beside the one that is ignored, and those of kernels stay inside', async () => {
  const { device } = await open()
  const logits = device.tensor([
    [1, 2],
    [3, 5],
  ])
  const losses = (targets: Tensor): Tensor =>
    crossEntropy(logits, targets, { ignoreIndex: -100, reduction: 'none' })
  expect(() => losses(device.tensor(Int32Array.of(-100, -1)))).toThrow("'targets' holds -1")
  const computed = add(argmax(logits, { axis: 1 }), device.tensor(7, { dtype: 'int32' }))
  expect(await losses(computed).read()).toEqual(await losses(device.tensor(Int32Array.of(1, 1))).read())
})

test('over 400 steps nothing grows, and nothing is read back unless it is asked for', async () => {
  const { device, counters } = await open()
  const live = new Map<number, number>()
  const compiled = new Map<number, number>()
  trainSteps(device, 400, (step) => {
    live.set(step, device.memory().liveBuffers)
    compiled.set(step, counters().compiledKernels)
  })
  expect(live.get(400)).toBe(live.get(10))
  expect(compiled.get(400)).toBe(compiled.get(10))
  expect(counters().readBacks).toBe(0)
})
