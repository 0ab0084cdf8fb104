import { expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { mismatch } from '../conformance/matchers.ts'
import { Device } from '../device.ts'
import { clipByGlobalNorm } from './clip-by-global-norm.ts'

const device = new Device(createReferenceBackend())

test('scales all gradients by one factor, only when their norm is too large', () => {
  const gradients = [
    device.tensor([
      [3, 0],
      [0, 0],
    ]),
    device.tensor([4]),
  ]
  const clipped = clipByGlobalNorm(gradients, 1)
  expect(clipped.norm.readSync()[0]).toBe(5)
  expect(
    mismatch(clipped.gradients[0]!.readSync(), [0.6, 0, 0, 0], { absolute: 0, relative: 1e-6 }),
  ).toBeNull()
  expect(mismatch(clipped.gradients[1]!.readSync(), [0.8], { absolute: 0, relative: 1e-6 })).toBeNull()
  const untouched = clipByGlobalNorm(gradients, 10)
  expect([...untouched.gradients[0]!.readSync()]).toEqual([3, 0, 0, 0])
  expect(untouched.norm.readSync()[0]).toBe(5)
})

test('gradients of zero stay zero', () => {
  const { gradients, norm } = clipByGlobalNorm([device.tensor([0, 0])], 1)
  expect([...gradients[0]!.readSync()]).toEqual([0, 0])
  expect(norm.readSync()[0]).toBe(0)
})

test('names what does not fit', () => {
  expect(() => clipByGlobalNorm([], 1)).toThrow("clipByGlobalNorm: 'gradients' is empty")
  expect(() => clipByGlobalNorm([device.tensor([1])], -1)).toThrow("'maximum' is -1")
})
