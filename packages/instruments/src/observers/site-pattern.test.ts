import { expect, test } from 'vitest'
import { matchesSite, mayMatchPrefix } from './site-pattern.ts'

test.each([
  ['attention.weights', 'attention.weights', true],
  ['attention.weights', 'attention.weights.2', false],
  ['attention.*', 'attention.weights', true],
  ['*.weights', 'attention.weights', true],
  ['*', 'anything', true],
  ['attention.weights', 'attentionXweights', false],
  ['a(b)*', 'a(b)c', true],
])('%s on %s', (pattern, site, matches) => {
  expect(matchesSite(pattern, site)).toBe(matches)
})

test.each([
  ['attention.weights', true],
  ['attention.*', true],
  ['att*', true],
  ['*', true],
  ['attention', false],
  ['norm.*', false],
  ['attentionBackward.*', false],
])('%s may name a site of the op attention: %s', (pattern, may) => {
  expect(mayMatchPrefix(pattern, 'attention.')).toBe(may)
})
