import { expect, test } from 'vitest'
import { DocumentField } from '../document/document-field.ts'
import { repeatToken, type Encoding } from './encoding.ts'
import { pad, readPadding, resolvePadding, writePadding, type PaddingOptions } from './padding.ts'

function encodingOf(length: number, overflowing: readonly Encoding[] = []): Encoding {
  return { ...repeatToken({ id: 7, token: 'x', typeId: 1, attention: 1 }, length), overflowing }
}

const ids = new Map([
  ['[PAD]', 9],
  ['<fill>', 5],
])

function padded(lengths: readonly number[], options: PaddingOptions): readonly Encoding[] {
  return pad(
    lengths.map((length) => encodingOf(length)),
    resolvePadding(options, (token) => ids.get(token)),
  )
}

test('up to the longest, on the right, with the usual token', () => {
  const [first, second] = padded([1, 3], {})
  expect(first).toEqual({
    ids: [7, 9, 9],
    tokens: ['x', '[PAD]', '[PAD]'],
    offsets: [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    typeIds: [1, 0, 0],
    attentionMask: [1, 0, 0],
    specialTokensMask: [1, 1, 1],
    wordIds: [null, null, null],
    overflowing: [],
  })
  expect(second!.ids).toEqual([7, 7, 7])
})

test('to a length, to a multiple, on the left, with another token and type', () => {
  expect(padded([1, 6], { length: 4 }).map((one) => one.ids.length)).toEqual([4, 6])
  expect(padded([1, 5], { multipleOf: 4 }).map((one) => one.ids.length)).toEqual([8, 8])
  const [left] = padded([1], { length: 2, direction: 'left', token: '<fill>', typeId: 3 })
  expect([left!.ids, left!.typeIds, left!.attentionMask]).toEqual([
    [5, 7],
    [3, 1],
    [0, 1],
  ])
})

test('windows of overflow are filled too', () => {
  const padding = resolvePadding({ length: 3 }, (token) => ids.get(token))
  const [whole] = pad([encodingOf(3, [encodingOf(1)])], padding)
  expect(whole!.overflowing.map((window) => window.ids)).toEqual([[7, 9, 9]])
})

test('refuses a token that is not there, and lengths that are none', () => {
  expect(() => resolvePadding({}, () => undefined)).toThrow(
    `pad: the padding token is not named, expected a token`,
  )
  expect(() => resolvePadding({ token: '<x>' }, (token) => ids.get(token))).toThrow(
    `the padding token is "<x>"`,
  )
  expect(() => padded([1], { length: -1 })).toThrow(`'length' is -1, expected a whole number in range`)
  expect(() => padded([1], { multipleOf: 0 })).toThrow(`'multipleOf' is 0`)
})

test('the settings of a document come back as they were', () => {
  const document = {
    strategy: { Fixed: 8 },
    direction: 'Left',
    pad_to_multiple_of: 4,
    pad_id: 9,
    pad_type_id: 1,
    pad_token: '[PAD]',
  }
  const read = readPadding(new DocumentField(document, 'padding'))
  expect(writePadding(resolvePadding(read, (token) => ids.get(token)))).toEqual(document)
})
