import { describe, expect, test } from 'vitest'
import { valueAndGrad } from '../autograd/value-and-grad.ts'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import { randomKey, RandomStream } from '../random/random-stream.ts'
import { dropout } from './dropout.ts'
import { ones } from './full.ts'
import { sum } from './sum.ts'

const device = new Device(createReferenceBackend())
const key = randomKey(7)

describe('dropout', () => {
  test('drops the share that was asked for and scales the rest', () => {
    const values = dropout(ones(device, [20_000]), { rate: 0.3, key }).readSync()
    const dropped = values.filter((value) => value === 0).length
    // Four standard deviations of a binomial distribution.
    expect(Math.abs(dropped - 6000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.3 * 0.7))
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.7)]))
  })

  test('repeats itself for one key, in any precision, and differs for another', () => {
    const options = { rate: 0.1, key }
    const first = dropout(ones(device, [1000]), options).readSync()
    const exact = new Device(createReferenceBackend({ precision: 'float64' }))
    const again = dropout(ones(exact, [1000]), options).readSync()
    expect(Array.from(again, Math.fround)).toEqual([...first])
    const other = dropout(ones(device, [1000]), { rate: 0.1, key: new RandomStream(7).next() }).readSync()
    expect([...other]).not.toEqual([...first])
  })

  test('the gradient drops the elements that were dropped', () => {
    const x = ones(device, [50])
    const y = dropout(x, { rate: 0.5, key }).readSync()
    const { gradients } = valueAndGrad(() => sum(dropout(x, { rate: 0.5, key })), [x])
    expect([...gradients[0]!.readSync()]).toEqual([...y])
  })

  test('is the input itself at rate 0, and refuses rates outside [0, 1)', () => {
    const x = ones(device, [3])
    expect(dropout(x, { rate: 0, key })).toBe(x)
    for (const rate of [1, -0.1, NaN]) {
      expect(() => dropout(x, { rate, key })).toThrow(`dropout: 'rate' is ${rate}, expected a number from 0`)
    }
  })
})
