import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { AlignedText } from '../text/aligned-text.ts'
import { unicodeForm } from './unicode-form.ts'

const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const

/** Characters that act on their neighbours: marks, Hangul parts, half-width forms, ligatures. */
const acting = fc.constantFrom(
  ...'aeoé<ﬁ①½가ㄱㅏ學',
  ...'ｶﾞﾡￂ\u0301\u0323\u0338\u1100\u1161\u11A8\u09C7\u09BE\u212B\u{1D15E}\u0344',
)

test('any text comes out as the platform normalizes it, and every unit lies in the source', () => {
  const text = fc.oneof(fc.string({ unit: acting }), fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(text, fc.constantFrom(...FORMS), (source, form) => {
      const normalized = unicodeForm(form).normalize(new AlignedText(source))
      expect(normalized.text).toBe(source.normalize(form))
      let last = 0
      for (let unit = 0; unit < normalized.length; unit++) {
        expect(normalized.startOf(unit)).toBeGreaterThanOrEqual(last)
        expect(normalized.endOf(unit)).toBeGreaterThan(normalized.startOf(unit))
        expect(normalized.endOf(unit)).toBeLessThanOrEqual(source.length)
        last = normalized.startOf(unit)
      }
    }),
    { numRuns: 1000 },
  )
})

test('a composed character lies where its parts were', () => {
  const normalized = unicodeForm('NFC').normalize(new AlignedText('xe\u0301y'))
  expect(normalized.text).toBe('xéy')
  expect([normalized.startOf(1), normalized.endOf(1), normalized.startOf(2)]).toEqual([1, 3, 3])
})
