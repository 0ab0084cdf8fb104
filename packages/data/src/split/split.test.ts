import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { split } from './split.ts'

const pairs = Array.from({ length: 200 }, (_, index) => ({ source: `s${index % 120}`, target: `t${index}` }))

describe('split', () => {
  test('keeps every pair once, and each source in one part', () => {
    const letter = fc.constantFrom(...'abcdefgh')
    fc.assert(
      fc.property(
        fc.array(fc.record({ source: letter, target: fc.string() }), { minLength: 1 }),
        fc.nat(),
        fc.double({ min: 0, max: 0.49, noNaN: true }),
        (items, seed, share) => {
          fc.pre(Math.round(share * items.length) * 2 < items.length)
          const { train, validation, test: held } = split(items, { validation: share, test: share, seed })
          const positions = [train, validation, held].flat().map((pair) => items.indexOf(pair))
          expect(positions.toSorted((a, b) => a - b)).toEqual(items.map((_, index) => index))
          const parts = [train, validation, held].map((part) => new Set(part.map(({ source }) => source)))
          const sources = parts.reduce((sum, part) => sum + part.size, 0)
          expect(sources).toBe(new Set(items.map(({ source }) => source)).size)
          expect(held.length).toBeLessThanOrEqual(Math.round(share * items.length))
        },
      ),
    )
  })

  test('gives the sizes asked for when sources differ', () => {
    const distinct = pairs.map(({ target }) => ({ source: target, target }))
    const parts = split(distinct, { validation: 0.1, test: 30, seed: 1 })
    expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([150, 20, 30])
  })

  test('depends on the seed, keeps the order of the corpus', () => {
    const first = split(pairs, { validation: 20, test: 20, seed: 1 })
    expect(split(pairs, { validation: 20, test: 20, seed: 1 })).toEqual(first)
    expect(split(pairs, { validation: 20, test: 20, seed: 2 }).test).not.toEqual(first.test)
    expect(first.train).toEqual(pairs.filter((pair) => first.train.includes(pair)))
  })

  test.each([-1, 1.5, Number.NaN])('refuses the size %d', (size) => {
    expect(() => split(pairs, { validation: size, test: 1, seed: 1 })).toThrow(
      `split: 'validation' is ${size}, expected a share from 0 to below 1, or a whole number of pairs`,
    )
  })

  test('refuses to leave nothing to train on', () => {
    expect(() => split(pairs, { validation: 100, test: 0.5, seed: 1 })).toThrow(
      "split: 'pairs' has 200 pairs, expected more than the 100 for validation and 100 for test together",
    )
  })
})
