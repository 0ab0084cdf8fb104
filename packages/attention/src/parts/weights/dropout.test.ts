import { createReferenceBackend, Device, RandomStream } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { attendProjections, type AttentionPart, compose, dropout, noMask, scaledDot } from '../../index.ts'

const keys = 64
const device = new Device(createReferenceBackend({ precision: 'float64' }))

/** Queries of zeros weigh all keys alike, and values of an identity matrix show the weights. */
function weights(parts: readonly AttentionPart[], seed?: number): number[] {
  const identity = Array.from({ length: keys * keys }, (_, index) => Number(index % (keys + 1) === 0))
  const zeros = device.tensor(new Float64Array(keys * 2), { shape: [1, 1, keys, 2] })
  const projected = {
    query: zeros,
    key: zeros,
    value: device.tensor(identity, { shape: [1, 1, keys, keys] }),
  }
  const random = seed === undefined ? {} : { random: new RandomStream(seed) }
  // A tap makes the call run stage by stage.
  const call = { mask: noMask, ...random, tap: (_: string, tensor: typeof zeros) => tensor }
  return Array.from(attendProjections(compose([scaledDot(), ...parts]), projected, call).readSync())
}

test('while training a weight is dropped with the given probability, or divided by what is left', () => {
  const rate = 0.25
  const got = weights([dropout({ rate })], 1)
  const left = got.filter((weight) => weight !== 0)
  expect(left.every((weight) => Math.abs(weight - 1 / (keys * (1 - rate))) < 1e-12)).toBe(true)
  // Four standard deviations of the share among 4096 weights.
  const deviation = Math.sqrt((rate * (1 - rate)) / got.length)
  expect(Math.abs(1 - left.length / got.length - rate)).toBeLessThan(4 * deviation)
  expect(weights([dropout({ rate })], 1)).toEqual(got)
  expect(weights([dropout({ rate })], 2)).not.toEqual(got)
})

test('without the part, and where nothing is trained, every weight stays', () => {
  const even = new Array<number>(keys * keys).fill(1 / keys)
  expect(weights([], 1)).toEqual(even)
  expect(weights([dropout({ rate: 0.25 })])).toEqual(even)
})

test('a rate of 0 changes nothing', () => {
  expect(weights([dropout({ rate: 0 })], 1)).toEqual(weights([]))
})

test.each([1, -0.1, Number.NaN])('a rate of %d is no share', (rate) => {
  expect(() => dropout({ rate })).toThrow(
    `dropout: 'rate' is ${rate}, expected a share from 0 to below 1. Something has to be left: 0.1 is usual.`,
  )
})
