import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sequencePairs } from './sequence-pairs.ts'

const choices = fc.record({
  task: fc.constantFrom('copy', 'reverse', 'sort'),
  alphabet: fc.constantFrom('digits', 'letters'),
  longest: fc.integer({ min: 5, max: 20 }),
  seed: fc.nat(),
})

/** Selection sort, and loops: nothing that the source uses. */
function answerOf(task: string, source: string): string {
  let answer = ''
  if (task === 'copy') return source
  if (task === 'reverse') {
    for (let index = source.length - 1; index >= 0; index -= 1) answer += source[index]
    return answer
  }
  for (const symbol of '0123456789abcdefghijklmnopqrstuvwxyz')
    for (const each of source) if (each === symbol) answer += symbol
  return answer
}

test('every pair is right, each source comes once, and nothing held out is trained on', () => {
  fc.assert(
    fc.property(choices, (choice) => {
      const { train, validation } = sequencePairs(choice)
      expect([train.length, validation.length]).toEqual([20_000, 200])
      const all = [...validation, ...train]
      expect(new Set(all.map(({ source }) => source)).size).toBe(20_200)
      const form = choice.alphabet === 'digits' ? /^\d+$/ : /^[a-z]+$/
      const wrong = all.filter(
        ({ source, target }) =>
          target !== answerOf(choice.task, source) ||
          source.length < 2 ||
          source.length > choice.longest ||
          !form.test(source),
      )
      expect(wrong).toEqual([])
      expect(Math.max(...all.map(({ source }) => source.length))).toBe(choice.longest)
    }),
    { numRuns: 10 },
  )
})

test('the same seed gives the same pairs, another seed others', () => {
  const choice = { task: 'sort', alphabet: 'digits', longest: 8 } as const
  expect(sequencePairs({ ...choice, seed: 3 })).toEqual(sequencePairs({ ...choice, seed: 3 }))
  expect(sequencePairs({ ...choice, seed: 3 })).not.toEqual(sequencePairs({ ...choice, seed: 4 }))
})
