import fc from 'fast-check'
import { expect, test } from 'vitest'
import { integerRange, valueOutside } from './integer-range.ts'

test('a value is outside exactly when one is that is not ignored', () => {
  const integers = fc.array(fc.integer({ min: -4, max: 9 }), { maxLength: 12 })
  fc.assert(
    fc.property(
      integers,
      fc.nat({ max: 8 }),
      fc.option(fc.integer({ min: -4, max: 9 })),
      (values, length, ignored) => {
        const found = valueOutside(integerRange(Int32Array.from(values)), length, ignored ?? undefined)
        const outside = values.filter((value) => value !== ignored && (value < 0 || value >= length))
        expect(found === undefined).toBe(outside.length === 0)
        expect(found === undefined || outside.includes(found)).toBe(true)
      },
    ),
  )
})
