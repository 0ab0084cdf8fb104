import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearestName } from './nearest-name.ts'

test.each([
  ['optimiser', ['optimizer', 'output'], 'optimizer'],
  ['trian', ['init', 'train', 'translate'], 'train'],
  ['learning-rate', ['learningRate', 'labelSmoothing'], 'learningRate'],
  ['wdith', ['heads', 'width'], 'width'],
  ['warmup', ['epochs', 'seed'], undefined],
])('%s among %j is %s', (name, candidates, expected) => {
  expect(nearestName(name, candidates)).toBe(expected)
})

test('a name that is there is the nearest', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[a-z]{4,9}$/), { minLength: 1 }),
      fc.nat(),
      (names, pick) => {
        const name = names[pick % names.length]!
        expect(nearestName(name, names)).toBe(name)
      },
    ),
  )
})
