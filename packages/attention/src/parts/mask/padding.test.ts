import { expect, test } from 'vitest'
import { testMask } from '../../conformance/index.ts'
import { testContext } from '../../testing/test-context.test-helper.ts'
import { noMask, padding } from '../../index.ts'

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
