import { Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createGpujsBackend } from '../src/index.ts'
import { trainSteps } from '../src/testing/train-steps.ts'

test('after 400 steps as many textures live as after 10', async () => {
  const { prototype } = WebGL2RenderingContext
  const { createTexture, deleteTexture } = prototype
  const textures = new Set<WebGLTexture>()
  prototype.createTexture = function () {
    const texture = createTexture.call(this)
    textures.add(texture)
    return texture
  }
  prototype.deleteTexture = function (texture) {
    if (texture) textures.delete(texture)
    deleteTexture.call(this, texture)
  }
  try {
    const device = new Device(await createGpujsBackend({ mode: 'webgl2' }))
    const live = new Map<number, number>()
    trainSteps(device, 400, (step) => live.set(step, textures.size))
    expect(live.get(10)).toBeGreaterThan(0)
    expect(live.get(400)).toBe(live.get(10))
    await device.dispose()
  } finally {
    Object.assign(prototype, { createTexture, deleteTexture })
  }
})
