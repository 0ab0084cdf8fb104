import { attention, BackendError, Device, less, type Tensor } from '@qkv/tensor'
import { compareWithReference } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { Engine } from '../src/engine/engine.ts'
import { createGpujsBackend } from '../src/index.ts'
import { waves } from '../src/testing/programs.ts'

/** Attention whose mask is so many tensors at once. */
function masked(device: Device, count: number): Tensor {
  const x = waves(device, [1, 2, 3, 4], 1)
  const masks = Array.from({ length: count }, (_, index) => less(waves(device, [3, 3], index + 2), 1.4))
  const of = masks.map((_, input) => ({ kind: 'tensor' as const, input }))
  return attention(x, x, x, { mask: { kind: 'and', of }, masks }).output
}

/** A kernel that adds up so many arrays. */
function sumOf(count: number): string {
  return `return ${Array.from({ length: count }, (_, index) => `x${index}[this.thread.x]`).join(' + ')};`
}

/** Masks that the kernels still take, since they read the scores too, and more. */
test.each([
  ['webgl2', [14, 15, 16, 33]],
  ['webgpu', [6, 7, 8, 33]],
] as const)('in %s attention takes any number of masks', async (mode, counts) => {
  const device = new Device(await createGpujsBackend({ mode }))
  for (const count of counts) {
    // The second run of a kernel binds the textures of the first one in another way.
    for (let run = 0; run < 2; run++)
      expect(await compareWithReference(device, (on) => [masked(on, count)]), `${count} masks`).toBeNull()
  }
  await device.dispose()
})

test('the kernels are taken up to the limit', async () => {
  const backend = await createGpujsBackend({ mode: 'webgl2' })
  const device = new Device(backend)
  const dispatches = (count: number): number => {
    const before = backend.description.counters.dispatches
    device.scoped(() => masked(device, count))
    return backend.description.counters.dispatches - before
  }
  // What making one mask more takes, and nothing else.
  const oneMore = dispatches(13) - dispatches(12)
  expect(dispatches(14)).toBe(dispatches(13) + oneMore)
  expect(dispatches(15)).toBeGreaterThan(dispatches(14) + oneMore)
  await device.dispose()
})

test('a kernel with as many inputs as there may be is right, also while its first result is in use', async () => {
  const engine = new Engine('webgl2', 10)
  const first = engine.upload(Float32Array.of(0, 1))
  const { mostInputs } = engine.limits
  expect(mostInputs).toBeGreaterThanOrEqual(7)
  const inputs = [
    first,
    ...Array.from({ length: mostInputs - 1 }, (_, index) => engine.upload(Float32Array.of(index + 1, 1))),
  ]
  const results = [1, 2, 3].map(() => engine.run({ body: sumOf(mostInputs) }, inputs, [], 2))
  const total = Float32Array.of((mostInputs * (mostInputs - 1)) / 2, mostInputs)
  for (const result of results) expect(engine.readSync(result)).toEqual(total)
  await engine.dispose()
})

test('a kernel that the driver does not link is an error, each time, and leaves the others as they are', async () => {
  const engine = new Engine('webgl2', 10)
  const count = 40
  const inputs = Array.from({ length: count }, (_, index) => engine.upload(Float32Array.of(index, 1)))
  const body = sumOf(count)
  for (let run = 0; run < 2; run++) {
    expect(() => engine.run({ body }, inputs, [], 2)).toThrow(BackendError)
    expect(() => engine.run({ body }, inputs, [], 2)).toThrow(
      /^gpujs: 'kernel' was not linked \(.+\): `return x0/,
    )
  }
  const sum = engine.run({ body: sumOf(2) }, inputs.slice(1, 3), [], 2)
  expect(engine.readSync(sum)).toEqual(Float32Array.of(3, 2))
  await engine.dispose()
})
