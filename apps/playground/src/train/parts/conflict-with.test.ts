import { expect, test } from 'vitest'
import { type Conflict, conflictWith, exchange } from './conflict-with.ts'
import type { PartEntry } from './part-entry.ts'

const linear: PartEntry = {
  name: 'linear',
  stage: 'mix',
  use: 'Long texts.',
  formula: '',
  complete: true,
  conflicts: { alibi: { kind: 'makes-no-scores' }, 'scaled-dot': { kind: 'makes-no-scores' } },
}

test('a part stands against those of the chosen ones that it names, not against itself', () => {
  expect(conflictWith(linear, ['rope', 'linear'])).toBeUndefined()
  expect(conflictWith(linear, ['toString'])).toBeUndefined()
  expect(conflictWith(linear, ['rope', 'scaled-dot', 'alibi'])).toEqual({
    others: ['scaled-dot', 'alibi'],
    reason: { kind: 'makes-no-scores' },
  })
})

test('a part takes the place of the first that it cannot go with', () => {
  const conflict: Conflict = { others: ['scaled-dot', 'alibi'], reason: { kind: 'makes-no-scores' } }
  expect(exchange('linear', conflict, ['rope', 'scaled-dot', 'sinusoidal', 'alibi'])).toEqual([
    'rope',
    'linear',
    'sinusoidal',
  ])
})
