import { expect, test } from 'vitest'
import { matchesQuery } from './matches-query.ts'

test.each([
  ['', true],
  ['  ', true],
  ['LIN', true],
  ['texts lin', true],
  ['texts rope', false],
])('%j finds it: %j', (query, found) => {
  expect(matchesQuery(query, ['linear', 'Long texts.'])).toBe(found)
})
