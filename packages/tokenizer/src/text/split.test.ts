import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { AlignedText } from './aligned-text.ts'
import { SPLIT_BEHAVIORS, splitPiece } from './split.ts'

function split(text: string, behavior: (typeof SPLIT_BEHAVIORS)[number], invert = false): string[] {
  return splitPiece(new AlignedText(text), /-/gu, behavior, invert).map((piece) => piece.text)
}

// The example in the documentation of Hugging Face tokenizers.
test.each([
  ['Removed', ['the', 'final', 'countdown']],
  ['Isolated', ['the', '-', 'final', '-', '-', 'countdown']],
  ['MergedWithPrevious', ['the-', 'final-', '-', 'countdown']],
  ['MergedWithNext', ['the', '-final', '-', '-countdown']],
  ['Contiguous', ['the', '-', 'final', '--', 'countdown']],
] as const)('%s', (behavior, expected) => {
  expect(split('the-final--countdown', behavior)).toEqual(expected)
})

test('inverted, what lies between the matches is the delimiter', () => {
  expect(split('a-b--', 'Removed', true)).toEqual(['-', '-', '-'])
})

test('but for removal nothing is lost, and pieces know their place', () => {
  const behavior = fc.constantFrom(...SPLIT_BEHAVIORS.filter((one) => one !== 'Removed'))
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('-', 'a', '学') }),
      behavior,
      fc.boolean(),
      (text, one, invert) => {
        const pieces = splitPiece(new AlignedText(text), /-/gu, one, invert)
        expect(pieces.map((piece) => piece.text).join('')).toBe(text)
        for (const piece of pieces) {
          expect(text.slice(piece.startOf(0), piece.endOf(piece.length - 1))).toBe(piece.text)
        }
      },
    ),
  )
})
