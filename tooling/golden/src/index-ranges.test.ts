import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { takeRanges } from './index-ranges.ts'

const device = new Device(createReferenceBackend())
const take = (text: string): unknown => {
  const rows = device.tensor([
    [0, 1, 2, 3],
    [10, 11, 12, 13],
    [20, 21, 22, 23],
  ])
  const part = takeRanges(rows, text)
  return [part.shape, [...part.readSync()]]
}

// The results that Python lists and NumPy give.
test.each([
  ['1', [[4], [10, 11, 12, 13]]],
  ['-1, 0', [[], [20]]],
  [
    '1:',
    [
      [2, 4],
      [10, 11, 12, 13, 20, 21, 22, 23],
    ],
  ],
  [
    ':, 1:3',
    [
      [3, 2],
      [1, 2, 11, 12, 21, 22],
    ],
  ],
  [
    ':, -2:',
    [
      [3, 2],
      [2, 3, 12, 13, 22, 23],
    ],
  ],
  ['..., 0', [[3], [0, 10, 20]]],
  ['0, ::2', [[2], [0, 2]]],
  ['0, ::-1', [[4], [3, 2, 1, 0]]],
  ['0, 2::-2', [[2], [2, 0]]],
  ['0, -1:0:-1', [[3], [3, 2, 1]]],
  ['0, 1:100', [[3], [1, 2, 3]]],
  ['5:9', [[0, 4], []]],
])('[%s]', (text, expected) => {
  expect(take(text)).toEqual(expected)
})

test.each([
  ['0, 0, 0', 'more entries than the tensor has axes'],
  ['1.5', "'1.5' is no index or range"],
  ['a:', "'a:' is no index or range"],
  ['', 'an index is missing'],
  ['::0', 'step of 0'],
])('refuses [%s]', (text, message) => {
  expect(() => take(text)).toThrow(message)
})
