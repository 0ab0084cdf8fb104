import { createReferenceBackend, Device, full, RandomStream } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { Dropout } from './dropout.ts'

const device = new Device(createReferenceBackend())

test('hands its input back in evaluation', () => {
  const layer = new Dropout({ rate: 0.5 })
  const x = device.tensor([1, 2, 3])
  expect(layer.forward(x)).toBe(x)
  layer.train(new RandomStream(1))
  expect(layer.forward(x)).not.toBe(x)
  layer.evaluate()
  expect(layer.forward(x)).toBe(x)
})

test('drops the share that was asked for and scales up the rest', async () => {
  const layer = new Dropout({ rate: 0.25 })
  layer.train(new RandomStream(1))
  const values = [...(await layer.forward(full(device, [100, 100], 3)).read())]
  const dropped = values.filter((value) => value === 0).length
  // Five standard deviations of a binomial count.
  expect(Math.abs(dropped - 2500)).toBeLessThan(5 * Math.sqrt(10_000 * 0.25 * 0.75))
  expect(values.every((value) => value === 0 || value === 4)).toBe(true)
})

test('takes a new key for each call, and the same keys from the same stream', async () => {
  const layer = new Dropout({ rate: 0.5 })
  const draw = async (): Promise<unknown> => layer.forward(full(device, [64], 1)).read()
  layer.train(new RandomStream(1))
  const first = await draw()
  expect(await draw()).not.toEqual(first)
  layer.train(new RandomStream(1))
  expect(await draw()).toEqual(first)
})

test.each([
  [{ rate: 1 }, "Dropout: 'rate' is 1, expected a number from 0 up to, but not including, 1."],
  [{ rate: -0.1 }, "'rate' is -0.1"],
  [undefined, "'rate' is missing"],
])('refuses %o', (options, message) => {
  expect(() => Reflect.construct(Dropout, [options]) as Dropout).toThrow(message)
})
