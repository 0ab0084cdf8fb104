import { add, createReferenceBackend, Device, mul } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { peakBytes } from './peak-bytes.ts'

const device = new Device(createReferenceBackend())

test('counts what lives at one time, and not what has gone before', () => {
  const x = device.tensor(new Float32Array(100))
  const peak = peakBytes(device, () => {
    // At most the input, a product and the one made from it.
    let result = mul(x, 2)
    for (let round = 0; round < 5; round++) {
      const next = add(result, 1)
      result.dispose()
      result = next
    }
  })
  // And the number that is added.
  expect(peak).toBe(3 * 400 + 4)
  expect(device.memory().liveBytes).toBe(400)
  expect(peakBytes(device, () => {})).toBe(400)
})

test('an error ends the watch', () => {
  const fail = (): never => {
    throw new Error('stop')
  }
  expect(() => peakBytes(device, fail)).toThrow('stop')
  expect(peakBytes(device, () => {})).toBe(device.memory().liveBytes)
})
