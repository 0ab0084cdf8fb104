import { expect, test } from 'vitest'
import { padMask } from './pad-mask.ts'

const blocks = {
  kind: 'blocks',
  size: 4,
  table: [
    [1, 0],
    [1, 1],
  ],
} as const

test('tables reach to the last key, wherever they are, and keep none of the room', () => {
  const wider = {
    ...blocks,
    table: [
      [1, 0, 0, 0],
      [1, 1, 0, 0],
    ],
  }
  expect(padMask(blocks, 13)).toEqual(wider)
  expect(padMask({ kind: 'and', of: [{ kind: 'causal' }, { kind: 'or', of: [blocks] }] }, 16)).toEqual({
    kind: 'and',
    of: [{ kind: 'causal' }, { kind: 'or', of: [wider] }],
  })
})

test('what is wide enough, or has no table, is left as it is', () => {
  expect(padMask(blocks, 8)).toBe(blocks)
  expect(padMask({ kind: 'window', left: 1, right: 0 }, 64)).toEqual({ kind: 'window', left: 1, right: 0 })
})
