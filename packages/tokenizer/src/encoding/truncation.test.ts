import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DocumentField } from '../document/document-field.ts'
import { repeatToken, type Encoding } from './encoding.ts'
import { completeTruncation, readTruncation, truncate, writeTruncation } from './truncation.ts'

/** An encoding with the given ids. */
function encodingOf(ids: readonly number[]): Encoding {
  const token = { id: 0, token: 'x', typeId: 0, attention: 1 } as const
  return { ...repeatToken(token, ids.length), ids }
}

function upTo(length: number, from = 0): number[] {
  return Array.from({ length }, (_, index) => from + index)
}

test('one text: windows of the length, each repeating the stride', () => {
  const options = completeTruncation({ maximumLength: 6, stride: 1 })
  const [cut] = truncate([encodingOf(upTo(10))], options, 2)
  expect([cut!.ids, ...cut!.overflowing.map(({ ids }) => ids)]).toEqual([
    [0, 1, 2, 3],
    [3, 4, 5, 6],
    [6, 7, 8, 9],
  ])
})

test('from the left, the end of the text is kept', () => {
  const options = completeTruncation({ maximumLength: 4, direction: 'left' })
  const [cut] = truncate([encodingOf(upTo(6))], options, 0)
  expect([cut!.ids, ...cut!.overflowing.map(({ ids }) => ids)]).toEqual([
    [2, 3, 4, 5],
    [0, 1],
  ])
})

test('any text and stride: the windows cover every token', () => {
  const lengths = fc.record({ total: fc.nat(40), room: fc.integer({ min: 1, max: 12 }), stride: fc.nat(11) })
  fc.assert(
    fc.property(
      lengths,
      fc.constantFrom('left' as const, 'right' as const),
      ({ total, room, stride }, direction) => {
        fc.pre(stride < room)
        const options = completeTruncation({ maximumLength: room, stride, direction })
        const [cut] = truncate([encodingOf(upTo(total))], options, 0)
        const windows = [cut!, ...cut!.overflowing]
        expect(Math.max(0, ...windows.map(({ ids }) => ids.length))).toBeLessThanOrEqual(room)
        const seen = new Set(windows.flatMap(({ ids }) => ids))
        expect([...seen].toSorted((a, b) => a - b)).toEqual(upTo(total))
      },
    ),
  )
})

test('a pair loses tokens one by one from the longer text', () => {
  const size = fc.nat(12)
  fc.assert(
    fc.property(size, size, size, (first, second, room) => {
      const cut = truncate(
        [encodingOf(upTo(first)), encodingOf(upTo(second))],
        completeTruncation({ maximumLength: room }),
        0,
      )
      const kept: [number, number] = [first, second]
      while (kept[0] + kept[1] > room) kept[kept[0] > kept[1] ? 0 : 1]--
      const got = cut.map(({ ids }) => ids.length)
      expect(got.toSorted((a, b) => a - b)).toEqual(kept.toSorted((a, b) => a - b))
      expect(got[0]! + got[1]!).toBe(Math.min(room, first + second))
    }),
  )
})

test('only one text of a pair', () => {
  const pair = [encodingOf(upTo(4)), encodingOf(upTo(5, 100))]
  const second = truncate(pair, completeTruncation({ maximumLength: 6, strategy: 'only-second' }), 0)
  expect(second.map(({ ids }) => ids)).toEqual([upTo(4), [100, 101]])
  const first = truncate(pair, completeTruncation({ maximumLength: 6, strategy: 'only-first' }), 0)
  expect(first.map(({ ids }) => ids)).toEqual([[0], upTo(5, 100)])
})

test.each([
  [
    { maximumLength: 3 },
    [5],
    4,
    `truncate: 'maximumLength' is 3, expected at least 4, the number of added tokens`,
  ],
  [{ maximumLength: 3, stride: 3 }, [5], 0, `truncate: 'stride' is 3, expected less than 3`],
  [
    { maximumLength: 4, strategy: 'only-second' },
    [5],
    0,
    `'strategy' is 'only-second', expected another one`,
  ],
  [{ maximumLength: 4, strategy: 'only-second' }, [5, 3], 0, `'maximumLength' is 4, expected more than 5`],
] as const)('refuses %j for texts of %j tokens', (options, lengths, addedTokens, message) => {
  const encodings = lengths.map((length) => encodingOf(upTo(length)))
  expect(() => truncate(encodings, completeTruncation(options), addedTokens)).toThrow(message)
})

test('refuses a length that is none', () => {
  expect(() => completeTruncation({ maximumLength: 1.5 })).toThrow(
    `'maximumLength' is 1.5, expected a whole number`,
  )
})

test('the settings of a document come back as they were', () => {
  const document = { direction: 'Left', max_length: 7, strategy: 'OnlySecond', stride: 2 }
  expect(writeTruncation(readTruncation(new DocumentField(document, 'truncation')))).toEqual(document)
})
