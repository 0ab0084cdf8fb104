import { expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import type { Tensor } from '../tensor.ts'
import type { Operand } from './apply-elementwise.ts'
import { equal } from './equal.ts'
import { greaterEqual, lessEqual } from './less-equal.ts'
import { greater, less } from './less.ts'
import { logicalAnd } from './logical-and.ts'
import { logicalNot } from './logical-not.ts'
import { logicalOr } from './logical-or.ts'
import { notEqual } from './not-equal.ts'

const device = new Device(createReferenceBackend())
const numbers = [-Infinity, -1, -0, 0, 1, Infinity, NaN]
const pairs = numbers.flatMap((a) => numbers.map((b) => [a, b] as const))

const comparisons: readonly [
  name: string,
  compare: (a: Operand, b: Operand) => Tensor,
  plain: (a: number, b: number) => boolean,
][] = [
  ['less', less, (a, b) => a < b],
  ['lessEqual', lessEqual, (a, b) => a <= b],
  ['greater', greater, (a, b) => a > b],
  ['greaterEqual', greaterEqual, (a, b) => a >= b],
  ['equal', equal, (a, b) => a === b],
  ['notEqual', notEqual, (a, b) => a !== b],
]

test.each(comparisons)('%s agrees with the language for every pair, NaN included', (_, compare, plain) => {
  const result = compare(device.tensor(pairs.map(([a]) => a)), device.tensor(pairs.map(([, b]) => b)))
  expect(result.dtype).toBe('bool')
  expect([...result.readSync()].map(Boolean)).toEqual(pairs.map(([a, b]) => plain(a, b)))
})

test('logic follows its truth tables', () => {
  const a = device.tensor([false, false, true, true])
  const b = device.tensor([false, true, false, true])
  expect([...logicalAnd(a, b).readSync()]).toEqual([0, 0, 0, 1])
  expect([...logicalOr(a, b).readSync()]).toEqual([0, 1, 1, 1])
  expect([...logicalNot(a).readSync()]).toEqual([1, 1, 0, 0])
  expect([...logicalOr(a, true).readSync()]).toEqual([1, 1, 1, 1])
})

test('logic takes conditions only', () => {
  expect(() => logicalNot(device.tensor([1, 0]))).toThrow("logicalNot: 'x' has dtype float32, expected bool")
})
