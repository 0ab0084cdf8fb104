import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { AlignedText } from './aligned-text.ts'

/** Where each unit lies, as pairs. */
function places(text: AlignedText): [number, number][] {
  return Array.from({ length: text.length }, (_, unit) => [text.startOf(unit), text.endOf(unit)])
}

test('a plain text lies where it is, and so do its slices', () => {
  const slice = new AlignedText('abcdef').slice(2, 5).slice(1, 3)
  expect(slice.text).toBe('de')
  expect(places(slice)).toEqual([
    [3, 4],
    [4, 5],
  ])
})

test('what an edit writes lies where the replaced text was; insertions join their neighbour', () => {
  const edited = new AlignedText('abc').edit([
    { from: 0, to: 0, text: '<' },
    { from: 0, to: 2, text: 'xyz' },
    { from: 3, to: 3, text: '>' },
  ])
  expect(edited.text).toBe('<xyzc>')
  expect(places(edited)).toEqual([
    [0, 1],
    [0, 2],
    [0, 2],
    [0, 2],
    [2, 3],
    [2, 3],
  ])
})

test('prepending shares the place of the first character, and leaves an empty text alone', () => {
  const prefixed = new AlignedText('😀!').slice(0, 3).prepend('▁')
  expect(prefixed.text).toBe('▁😀!')
  expect(places(prefixed)).toEqual([
    [0, 2],
    [0, 2],
    [0, 2],
    [2, 3],
  ])
  expect(new AlignedText('').prepend('▁').text).toBe('')
})

test('after any deletions every unit still points at itself', () => {
  const source = fc.string({ minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(source, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (text, kept) => {
      const edits = [...text.split('').keys()]
        .filter((unit) => kept[unit] === false)
        .map((unit) => ({ from: unit, to: unit + 1, text: '' }))
      const left = new AlignedText(text).edit(edits)
      expect(left.text).toBe(
        [...text.split('').keys()]
          .filter((unit) => kept[unit])
          .map((unit) => text[unit])
          .join(''),
      )
      for (const [unit, [start, end]] of places(left).entries())
        expect(text.slice(start, end)).toBe(left.text[unit])
    }),
  )
})
