import { createReferenceBackend, Device, dropout, randomUniform } from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCpuBackend } from '../index.ts'
import { fillRandomWords } from '../math/random-words.ts'
import { builds } from '../testing/compare.ts'

const word = 2 ** 24
const keys = fc.tuple(fc.nat({ max: word - 1 }), fc.nat({ max: word - 1 }))
const reference = new Device(createReferenceBackend())
const devices = builds.map((simd) => new Device(createCpuBackend({ simd })))

test('random numbers are bit for bit those of the definition', () => {
  fc.assert(
    fc.property(keys, fc.integer({ min: 0, max: 5000 }), (key, size) => {
      const [wanted, ...results] = [reference, ...devices].map((on) =>
        on.scoped(() => [...randomUniform(on, [size], { key }).readSync()]),
      )
      for (const got of results) expect(got).toEqual(wanted)
    }),
    { numRuns: 30 },
  )
})

test('counters carry from the low word to the high one', () => {
  const words = new Int32Array(8)
  fillRandomWords(words, 0, word - 2, 4, 5, 6)
  const apart = new Int32Array(8)
  for (const [index, counter] of [word - 2, word - 1, word, word + 1].entries()) {
    fillRandomWords(apart, 2 * index, counter, 1, 5, 6)
  }
  expect([...words]).toEqual([...apart])
  expect(new Set(words).size).toBe(8)
})

test('dropout drops exactly what the definition drops', () => {
  fc.assert(
    fc.property(
      keys,
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 99 }),
      (key, size, percent) => {
        const ones = new Float32Array(size).fill(1)
        const [wanted, ...results] = [reference, ...devices].map((on) =>
          on.scoped(() =>
            [...dropout(on.tensor(ones), { rate: percent / 100, key }).readSync()].map((value) => value > 0),
          ),
        )
        for (const got of results) expect(got).toEqual(wanted)
      },
    ),
    { numRuns: 30 },
  )
})
