import { Device, matmul, sum } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createGpujsBackend } from '../src/index.ts'
import { waves } from '../src/testing/programs.ts'
import { trainSteps } from '../src/testing/train-steps.ts'
import { withTextures } from './count-textures.test-helper.ts'

test('after 400 steps as many textures live as after 10', () =>
  withTextures(async (textures) => {
    const device = new Device(await createGpujsBackend({ mode: 'webgl2' }))
    const live = new Map<number, number>()
    trainSteps(device, 400, (step) => live.set(step, textures.size))
    expect(live.get(10)).toBeGreaterThan(0)
    expect(live.get(400)).toBe(live.get(10))
    await device.dispose()
  }))

test('kernels that made room leave no textures behind, also where their results were still in use', () =>
  withTextures(async (textures) => {
    const device = new Device(await createGpujsBackend({ mode: 'webgl2', kernelLimit: 4 }))
    const live: number[] = []
    for (let round = 0; round < 24; round++) {
      device.scoped(() => {
        // Outlives the kernels that made it.
        sum(waves(device, [4, 5 + (round % 8)], 1), { axis: 0 })
        for (let more = 0; more < 4; more++) sum(waves(device, [3, 20 + more], 1), { axis: 0 })
      })
      if (round % 8 === 7) live.push(textures.size)
    }
    expect(device.memory().liveBuffers).toBe(0)
    expect(live).toEqual([live[0], live[0], live[0]])
    await device.dispose()
  }))

test.each(['webgl2', 'webgpu'] as const)(
  'in %s a tensor is read, and computed with, after its kernel has made room',
  async (mode) => {
    const device = new Device(await createGpujsBackend({ mode, kernelLimit: 3 }))
    const x = device.tensor([
      [1, 2],
      [3, 4],
    ])
    const product = matmul(x, x)
    const unread = matmul(x, x)
    const before = await product.read()
    for (let length = 10; length < 16; length++)
      device.scoped(() => sum(waves(device, [length, length], 1), { axis: 0 }))
    expect(before).toEqual(Float32Array.of(7, 10, 15, 22))
    expect(await product.read()).toEqual(before)
    expect(await unread.read()).toEqual(before)
    expect(await sum(unread).read()).toEqual(Float32Array.of(54))
    await device.dispose()
  },
)
