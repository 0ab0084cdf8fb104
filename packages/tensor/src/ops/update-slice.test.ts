import { describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import { donate } from '../tensor.ts'
import { updateSlice } from './update-slice.ts'

const device = new Device(createReferenceBackend())

describe('updateSlice', () => {
  test('writes the value and leaves the rest, and the original', () => {
    const x = device.tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    const value = device.tensor([[10], [20]])
    const result = updateSlice(x, value, { start: [0, 1] })
    expect([...result.readSync()]).toEqual([1, 10, 3, 4, 20, 6])
    expect([...x.readSync()]).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('takes a donated tensor', () => {
    const cache = device.tensor([0, 0, 0])
    const next = updateSlice(donate(cache), device.tensor([7]), { start: [2] })
    expect([...next.readSync()]).toEqual([0, 0, 7])
    expect(cache.disposed).toBe(true)
  })

  test.each([[[2, 0]], [[0, -1]], [[0]], [[0.5, 0]]])('refuses to start at %j', (start) => {
    const x = device.tensor([
      [1, 2],
      [3, 4],
    ])
    expect(() => updateSlice(x, device.tensor([[9]]), { start })).toThrow(
      `updateSlice: 'start' is [${start.join(', ')}], expected one index per axis`,
    )
  })

  test('refuses a value that is longer, or of another dtype', () => {
    const x = device.tensor([1, 2])
    expect(() => updateSlice(x, device.tensor([[1]]), { start: [0] })).toThrow(
      "updateSlice: 'value' has shape [1, 1]",
    )
    expect(() => updateSlice(x, device.tensor(new Int32Array([1])), { start: [0] })).toThrow(
      "updateSlice: 'value' has dtype int32, expected float32",
    )
  })
})
