import { expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { mismatch } from '../conformance/matchers.ts'
import { Device } from '../device.ts'
import { zeros } from './full.ts'
import { layerNorm } from './layer-norm.ts'

const device = new Device(createReferenceBackend())
const close = { absolute: 1e-4, relative: 1e-5 }

function plainLayerNorm(row: readonly number[], epsilon: number): number[] {
  const center = row.reduce((total, value) => total + value, 0) / row.length
  const variance = row.reduce((total, value) => total + (value - center) ** 2, 0) / row.length
  return row.map((value) => (value - center) / Math.sqrt(variance + epsilon))
}

test('is exact where the mean is large against the deviation', () => {
  const row = [16384, 16385, 16386, 16389]
  const y = layerNorm(device.tensor([row]))
  expect(mismatch(y.readSync(), plainLayerNorm(row, 1e-5), close)).toBeNull()
})

test('normalises several axes together, as the weight or the shape says', () => {
  const values = [1, 5, 2, -3, 0, 8, 4, 4, 7, 1, 0, 2]
  const wanted = [...plainLayerNorm(values.slice(0, 6), 1e-5), ...plainLayerNorm(values.slice(6), 1e-5)]
  const x = device.tensor(values, { shape: [2, 3, 2] })
  const byShape = layerNorm(x, { normalizedShape: [3, 2] })
  expect(byShape.shape).toEqual([2, 3, 2])
  expect(mismatch(byShape.readSync(), wanted, close)).toBeNull()
  const bias = device.tensor([0, 1, 2, 3, 4, 5], { shape: [3, 2] })
  const shifted = wanted.map((value, index) => value + (index % 6))
  expect(mismatch(layerNorm(x, { bias }).readSync(), shifted, close)).toBeNull()
})

test('leaves one tensor behind', () => {
  const before = device.memory().liveBuffers
  const x = device.tensor([[1, 2, 3]])
  const y = layerNorm(x)
  expect(device.memory().liveBuffers).toBe(before + 2)
  x.dispose()
  y.dispose()
})

test('names what does not fit', () => {
  const x = zeros(device, [2, 3])
  expect(() => layerNorm(x, { weight: zeros(device, [4]) })).toThrow(
    "layerNorm: 'x' has shape [2, 3], expected [..., 4]: it must end with the normalised axes",
  )
  expect(() => layerNorm(x, { weight: zeros(device, [3]), bias: zeros(device, [2]) })).toThrow(
    "layerNorm: 'bias' has shape [2], expected the normalised axes [3]",
  )
})
