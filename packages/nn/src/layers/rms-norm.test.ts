import { createReferenceBackend, Device, RandomStream } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { RMSNorm } from './rms-norm.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const initialization = { device, random: new RandomStream(1) }

test('divides each vector by its root mean square, then scales it', async () => {
  const layer = new RMSNorm(initialization, { width: 2, epsilon: 0.5 })
  layer.weight.assign(device.tensor([1, -2]))
  const y = await layer.forward(device.tensor([[3, 4]])).read()
  const root = Math.sqrt((9 + 16) / 2 + 0.5)
  expect(y[0]).toBeCloseTo(3 / root, 12)
  expect(y[1]).toBeCloseTo((-2 * 4) / root, 12)
})

test('starts with a scale of one and refuses to be made without a width', async () => {
  const layer = new RMSNorm(initialization, { width: 2 })
  expect([...(await layer.weight.value.read())]).toEqual([1, 1])
  expect(() => Reflect.construct(RMSNorm, [initialization]) as RMSNorm).toThrow("RMSNorm: 'width' is missing")
})
