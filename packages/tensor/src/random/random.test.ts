import { describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import { randomUniform } from '../ops/random-uniform.ts'
import { randomWords } from './random-words.ts'
import { childKey, randomKey, randomNumber, RandomStream } from './random-stream.ts'

const device = new Device(createReferenceBackend())

function numbers(count: number, seed: number): Float32Array {
  return randomUniform(device, [count], { key: randomKey(seed) }).readSync() as Float32Array
}

test('the words follow eight rounds of the definition, in exact integers', () => {
  const word = 1n << 24n
  const slowly = (counter: [bigint, bigint], key: [bigint, bigint]): [number, number] => {
    let [left, right] = counter
    const keys = [...key]
    for (let round = 0; round < 8; round++) {
      const keyed = (left + keys[round % 2]!) % word
      ;[left, right] = [(right + (keyed * keyed) / 4096n + keyed) % word, left]
      keys[round % 2] = (keys[round % 2]! + 0x9e3779n) % word
    }
    return [Number(left), Number(right)]
  }
  const cases = [
    [0, 0, 0, 0],
    [1, 0, 5, 9],
    [16777215, 16777215, 16777215, 16777215],
    [12345, 678, 90, 1234567],
  ] as const
  for (const [a, b, c, d] of cases) {
    expect(randomWords(a, b, c, d)).toEqual(slowly([BigInt(a), BigInt(b)], [BigInt(c), BigInt(d)]))
  }
})

test('numbers are multiples of 2^-24 from [0, 1), and a prefix does not depend on the length', () => {
  const long = numbers(1001, 3)
  expect([...numbers(10, 3)]).toEqual(Array.from(long.subarray(0, 10)))
  for (const value of long) {
    expect(value).toBeGreaterThanOrEqual(0)
    expect(value).toBeLessThan(1)
    expect(Number.isInteger(value * 2 ** 24)).toBe(true)
  }
})

describe('statistics', () => {
  const count = 1 << 17

  /** Chi-squared over equal bins, as standard deviations from its mean. */
  function deviation(values: readonly number[], bins: number): number {
    const counts = new Array<number>(bins).fill(0)
    for (const value of values) counts[Math.floor(value * bins)]! += 1
    const wanted = values.length / bins
    const chi = counts.reduce((total, got) => total + (got - wanted) ** 2 / wanted, 0)
    return (chi - (bins - 1)) / Math.sqrt(2 * (bins - 1))
  }

  test('values fill equal bins equally, in every stretch of bits', () => {
    for (const seed of [0, 1, 2, 12345]) {
      const values = [...numbers(count, seed)]
      expect(Math.abs(deviation(values, 256))).toBeLessThan(4)
      expect(
        Math.abs(
          deviation(
            values.map((value) => (value * 256) % 1),
            256,
          ),
        ),
      ).toBeLessThan(4)
      expect(
        Math.abs(
          deviation(
            values.map((value) => (value * 65536) % 1),
            256,
          ),
        ),
      ).toBeLessThan(4)
    }
  })

  test('neighbours, neighbouring seeds and neighbouring children are independent', () => {
    const pairs = (a: ArrayLike<number>, b: ArrayLike<number>): number[] =>
      Array.from(
        { length: Math.min(a.length, b.length) },
        (_, index) => (Math.floor(a[index]! * 16) + b[index]!) / 16,
      )
    const first = numbers(count, 1)
    expect(Math.abs(deviation(pairs(first, first.subarray(1)), 256))).toBeLessThan(4)
    expect(Math.abs(deviation(pairs(first, first.subarray(2)), 256))).toBeLessThan(4)
    expect(Math.abs(deviation(pairs(first, numbers(count, 2)), 256))).toBeLessThan(4)
    const children = Array.from({ length: 1 << 15 }, (_, index) => randomNumber(childKey([1, 0], index)))
    expect(Math.abs(deviation(children, 64))).toBeLessThan(4)
    expect(Math.abs(deviation(pairs(children, children.slice(1)), 256))).toBeLessThan(4)
  })
})

test('a stream gives fresh keys, and goes on from its state', () => {
  const stream = new RandomStream(9)
  const keys = [stream.next(), stream.next(), stream.next()]
  expect(new Set(keys.map(String)).size).toBe(3)
  const resumed = new RandomStream(JSON.parse(JSON.stringify(stream.state)))
  expect(resumed.next()).toEqual(stream.next())
})

test('a seed is a whole number', () => {
  expect(() => randomKey(-1)).toThrow("randomKey: 'seed' is -1")
  expect(() => randomKey(0.5)).toThrow('an integer from 0 to 2^48 - 1')
})
