import { createReferenceBackend, Device, RandomStream } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { LayerNorm } from './layer-norm.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const initialization = { device, random: new RandomStream(1) }

test('normalises each vector, then scales and shifts it', async () => {
  const layer = new LayerNorm(initialization, { width: 4, epsilon: 0.25 })
  layer.weight.assign(device.tensor([1, 2, 3, 4]))
  layer.bias!.assign(device.tensor([0, 0, 10, 20]))
  // Mean 3 and variance 2.
  const y = await layer.forward(device.tensor([[1, 3, 3, 5]])).read()
  const deviation = Math.sqrt(2 + 0.25)
  expect([...y]).toEqual([-2 / deviation, 0, 10, 20 + (4 * 2) / deviation])
})

test('starts as plain normalisation', async () => {
  const layer = new LayerNorm(initialization, { width: 2 })
  const y = await layer.forward(device.tensor([[7, 9]])).read()
  expect(y[0]).toBeCloseTo(-1 / Math.sqrt(1 + 1e-5), 12)
  expect(y[1]).toBeCloseTo(1 / Math.sqrt(1 + 1e-5), 12)
})

test('has no bias on request, and refuses to be made without a width', () => {
  expect([...new LayerNorm(initialization, { width: 2, bias: false }).parameters().keys()]).toEqual([
    'weight',
  ])
  expect(() => Reflect.construct(LayerNorm, [initialization]) as LayerNorm).toThrow(
    "LayerNorm: 'width' is missing",
  )
})
