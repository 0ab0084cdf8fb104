import { createReferenceBackend, Device } from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testAttention, testMask } from '../../conformance/index.ts'
import { testContext } from '../../testing/test-context.test-helper.ts'
import { causal, keepTensor, slidingWindow } from '../../index.ts'

testAttention(() => slidingWindow({ left: 1 }), { test })

testMask(() => slidingWindow({ left: 2 }), {
  test,
  cases: [
    {
      title: 'keeps keys at most 2 away',
      queries: 7,
      keys: 7,
      keeps: ({ query, key }) => Math.abs(query - key) <= 2,
    },
    {
      title: 'with causal, the last 3',
      queries: 3,
      keys: 8,
      queryStart: 5,
      call: () => ({ beside: [causal()] }),
      keeps: ({ query, key }) => query - 3 < key && key <= query,
    },
  ],
})

testMask(() => slidingWindow({ left: 3, right: 1 }), {
  test,
  cases: [
    {
      title: 'reaches as far to either side as its options say',
      queries: 6,
      keys: 6,
      keeps: ({ query, key }) => key >= query - 3 && key <= query + 1,
    },
  ],
})

test('any window keeps its distances', () => {
  const device = new Device(createReferenceBackend())
  const whole = fc.integer({ min: 0, max: 6 })
  fc.assert(
    fc.property(whole, whole, whole, (left, right, queryStart) => {
      fc.pre(left + right > 0)
      device.scoped(() => {
        const sizes = { device, heads: 1, queryStart, queryLength: 3, keyLength: queryStart + 3 }
        const values = keepTensor(slidingWindow({ left, right }).mask!(testContext(sizes)), sizes)!.readSync()
        const wanted = Array.from({ length: 3 * sizes.keyLength }, (_, index) => {
          const distance = queryStart + Math.floor(index / sizes.keyLength) - (index % sizes.keyLength)
          return Number(-right <= distance && distance <= left)
        })
        expect([...values]).toEqual(wanted)
      })
    }),
    { numRuns: 40 },
  )
})

test.each([
  [
    { left: 0 },
    "sliding-window: 'left' and right are 0, expected at least one position before or after the query: a window of 0 leaves it " +
      'alone with itself. Give the number of positions, such as 128.',
  ],
  [
    { left: -1 },
    "sliding-window: 'left' is -1, expected a whole number of at least 0. Give the number of positions, such as 128.",
  ],
  [
    { left: 4, right: Number.NaN },
    "sliding-window: 'right' is NaN, expected a whole number of at least 0. Give the number of positions, such as 128.",
  ],
  [
    { left: 1.5 },
    "sliding-window: 'left' is 1.5, expected a whole number of at least 0. Give the number of positions, such as 128.",
  ],
])('a window of %j is refused', (options, sentence) => {
  expect(() => slidingWindow(options)).toThrow(sentence)
})
