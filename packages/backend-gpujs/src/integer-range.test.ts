import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberOutside, rangeOf } from './integer-range.ts'

test('finds a number outside where there is one, and none otherwise', () => {
  const numbers = fc.array(fc.integer({ min: -3, max: 6 }), { minLength: 1, maxLength: 8 })
  const ignored = fc.option(fc.integer({ min: -3, max: 6 }), { nil: undefined })
  fc.assert(
    fc.property(numbers, fc.nat(5), ignored, (data, length, ignore) => {
      const outside = data.filter((value) => value !== ignore && (value < 0 || value >= length))
      const found = numberOutside(rangeOf(Int32Array.from(data))!, length, ignore)
      expect(outside.length === 0 ? [undefined] : outside).toContain(found)
    }),
  )
})
