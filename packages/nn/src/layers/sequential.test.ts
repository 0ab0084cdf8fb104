import { createReferenceBackend, Device, RandomStream } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { constant, Identity, Linear, Sequential } from '../index.ts'

const device = new Device(createReferenceBackend())
const initialization = { device, random: new RandomStream(1) }

function scale(factor: number, shift: number): Linear {
  return new Linear(initialization, {
    inputSize: 1,
    outputSize: 1,
    initializer: constant(factor),
    biasInitializer: constant(shift),
  })
}

test('runs layers in order and names them by index', async () => {
  const layers = new Sequential([scale(2, 1), new Identity(), scale(10, 0)])
  expect([...layers.parameters().keys()]).toEqual([
    'layers.0.weight',
    'layers.0.bias',
    'layers.2.weight',
    'layers.2.bias',
  ])
  expect(await layers.forward(device.tensor([[3]])).item()).toBe(70)
})

test('without layers it hands its input back', () => {
  const x = device.tensor([1])
  expect(new Sequential([]).forward(x)).toBe(x)
})
