import { createReferenceBackend, Device } from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleTensor } from '../../conformance/sample-values.ts'
import { dot, rowsOf, softmaxOf } from '../../testing/by-loops.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, compose, laser, noMask, padding, type Projected, scaledDot } from '../../index.ts'

const [heads, keyHeads, queries, keys, size] = [2, 1, 3, 4, 2]
const inputs = (device: Device): Projected => ({
  query: sampleTensor(device, [1, heads, queries, size], 1),
  key: sampleTensor(device, [1, keyHeads, keys, size], 2),
  value: sampleTensor(device, [1, keyHeads, keys, size], 3),
})

/** The logarithm of the mixed exponentials, with nothing taken out before. */
function byLoops(): number[] {
  const { query, key, value } = inputs(new Device(createReferenceBackend({ precision: 'float64' })))
  const values = rowsOf(value, 0, 0)
  return [0, 1].flatMap((head) =>
    rowsOf(query, 0, head).flatMap((row) => {
      const weights = softmaxOf(rowsOf(key, 0, 0).map((other) => dot(row, other) / Math.sqrt(size)))
      return [0, 1].map((column) =>
        Math.log(
          dot(
            weights,
            values.map((each) => Math.exp(each[column]!)),
          ),
        ),
      )
    }),
  )
}

const even = (device: Device, value: readonly number[]): Projected => ({
  query: device.tensor([[[[0]]]]),
  key: device.tensor(
    value.map(() => 0),
    { shape: [1, 1, value.length, 1] },
  ),
  value: device.tensor(value, { shape: [1, 1, value.length, 1] }),
})

testIdea(laser, {
  test,
  ideas: [
    {
      title: 'the mean of 1 and 3, of their logarithms',
      inputs: (device) => even(device, [0, Math.log(3)]),
      expected: [Math.log(2)],
    },
    {
      title: 'values whose exponentials overflow',
      inputs: (device) => even(device, [5000, 5000 + Math.log(3)]),
      expected: [5000 + Math.log(2)],
    },
    { title: 'it is the logarithm of the mixed exponentials', inputs, expected: byLoops },
  ],
})

test('a value far below the largest of its column, attended to alone, comes out as it is', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const projected = even(device, [-3000, 0])
  const side = { padding: device.tensor([[true, false]]) }
  const output = attendProjections(compose([scaledDot(), laser(), padding()]), projected, {
    mask: noMask,
    side,
  })
  expect([...output.readSync()]).toEqual([-3000])
})

test('a query without any key gives zeros', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const side = { padding: device.tensor([[false, false]]) }
  const call = { mask: noMask, side }
  const output = attendProjections(compose([scaledDot(), laser(), padding()]), even(device, [1, 2]), call)
  expect([...output.readSync()]).toEqual([0])
})

test('an output lies between the mixture and the largest value, wherever values are', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const value = fc.double({ min: -1e4, max: 1e4, noNaN: true })
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (values) => {
      const output = attendProjections(compose([scaledDot(), laser()]), even(device, values), {
        mask: noMask,
      })
      const got = output.readSync()[0]!
      output.dispose()
      const mean = values.reduce((sum, each) => sum + each, 0) / values.length
      expect(got).toBeGreaterThanOrEqual(mean - 1e-8)
      expect(got).toBeLessThanOrEqual(Math.max(...values) + 1e-8)
    }),
  )
})
