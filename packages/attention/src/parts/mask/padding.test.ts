import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testMask } from '../../conformance/index.ts'
import { filledAttention, selfAttend } from '../../testing/filled-attention.test-helper.ts'
import { testContext } from '../../testing/test-context.test-helper.ts'
import { gatedLinear, noMask, padding, scaledDot } from '../../index.ts'

const real = [
  [true, true, false, true],
  [false, true, false, false],
]

testMask(() => padding(), {
  test,
  cases: [
    {
      title: 'keeps the real keys of each row for every query and head',
      queries: 3,
      keys: 4,
      call: (device) => ({ side: { padding: device.tensor(real) } }),
      keeps: ({ entry, key }) => real[entry]![key]!,
    },
    {
      title: 'a row of padding alone gives zeros',
      queries: 2,
      keys: 3,
      call: (device) => ({
        side: {
          padding: device.tensor([
            [false, false, false],
            [true, true, true],
          ]),
        },
      }),
      keeps: ({ entry }) => entry === 1,
    },
  ],
})

test('without a padding every key is kept', () => {
  expect(padding().mask!(testContext())).toBe(noMask)
})

test.each([
  ['a row without a batch', [true, true, false], 'is bool [3]'],
  ['fewer flags than keys', [[true, true]], 'is bool [1, 2]'],
  ['more rows than texts', [[true], [true], [true]].map(([flag]) => [flag, flag, flag]), 'is bool [3, 3]'],
  ['numbers', [[1, 1, 0]], 'is float32 [1, 3]'],
] as const)('%s: refused, by scores and by a recurrence', (_, flags, got) => {
  const device = new Device(createReferenceBackend())
  const x = device.tensor([
    [[1], [2], [3]],
    [[4], [5], [6]],
  ])
  const side = { padding: device.tensor(flags as never) }
  for (const scores of [scaledDot(), gatedLinear()]) {
    const attention = filledAttention(device, [scores, padding()], { width: 1, heads: 1 })
    expect(() => selfAttend(attention, x, { side })).toThrow(
      `padding: 'side.padding' ${got}, expected bool [2, 3], a flag for each key.`,
    )
  }
})
