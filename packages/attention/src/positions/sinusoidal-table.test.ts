import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type DivisorFormula,
  sinusoidalFrequencies,
  type SinusoidalLayout,
  sinusoidalTable,
} from './sinusoidal-table.ts'

const formulas: readonly DivisorFormula[] = ['exponential', 'power', 'vectorized']
const layouts: readonly SinusoidalLayout[] = ['interleaved', 'concatenated', 'tensor2tensor']

/** Column by column, from the definitions. */
function number(layout: SinusoidalLayout, position: number, column: number, width: number): number {
  if (layout === 'interleaved') {
    const even = column - (column % 2)
    const angle = position / Math.pow(10000, even / width)
    return column === even ? Math.sin(angle) : Math.cos(angle)
  }
  const half = (width - (width % 2)) / 2
  if (column >= 2 * half) return 0
  const index = column % half
  const steps = layout === 'concatenated' ? half : half - 1
  const angle = position / Math.pow(10000, index === 0 ? 0 : index / steps)
  return column < half ? Math.sin(angle) : Math.cos(angle)
}

describe.each(layouts)('%s', (layout) => {
  test.each(formulas)('by the %s formula it is the definition, at even and odd widths', (formula) => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 33 }), fc.nat(500), (length, width, start) => {
        const table = sinusoidalTable(length, width, { formula, layout, start })
        expect(table).toHaveLength(length * width)
        for (const [index, got] of table.entries()) {
          const position = start + Math.floor(index / width)
          const wanted = number(layout, position, index % width, width)
          // An angle of some hundreds has lost some digits of its fraction in any formula.
          expect(Math.abs(got - wanted)).toBeLessThan(1e-12 * (1 + position))
        }
      }),
      { numRuns: 40 },
    )
  })

  test('the three formulas agree to 1e-12', () => {
    for (const width of [1, 2, 7, 64, 512]) {
      const [exponential, power, vectorized] = formulas.map((formula) =>
        sinusoidalFrequencies(width, { formula, layout }),
      )
      for (const [index, frequency] of power!.entries()) {
        expect(Math.abs(exponential![index]! - frequency)).toBeLessThan(1e-12)
        expect(Math.abs(vectorized![index]! - frequency)).toBeLessThan(1e-12)
      }
    }
  })
})

test('frequencies fall from 1 towards 1 / 10000', () => {
  expect([...sinusoidalFrequencies(4)]).toEqual([1, expect.closeTo(0.01, 12)])
  expect(sinusoidalFrequencies(512).at(-1)).toBeCloseTo(10000 ** (-510 / 512), 12)
  expect(sinusoidalFrequencies(512, { layout: 'tensor2tensor' }).at(-1)).toBeCloseTo(1 / 10000, 12)
  expect(sinusoidalFrequencies(9)).toHaveLength(5)
  expect(sinusoidalFrequencies(9, { layout: 'concatenated' })).toHaveLength(4)
})

test('an odd width ends with a sine when interleaved, with zeros otherwise', () => {
  const last = (layout: SinusoidalLayout): number => sinusoidalTable(2, 5, { layout }).at(-1)!
  expect(last('interleaved')).toBeCloseTo(Math.sin(10000 ** (-4 / 5)), 12)
  expect(last('concatenated')).toBe(0)
  expect(last('tensor2tensor')).toBe(0)
})
