import { expect, test } from 'vitest'
import { nextCharacter } from './next-character.ts'

// A different letter at each of the last places, so that windows tell where they lie.
const alphabet = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(97 + index)).join('')
const text = alphabet.repeat(396) + alphabet.toUpperCase().repeat(44)
const task = nextCharacter(text, 1)

test('a target is the character that follows', () => {
  const { tokens, targets, rows } = task.batch(2)
  expect(tokens).toHaveLength(rows * task.length)
  for (let row = 0; row < rows; row++) {
    const start = row * task.length
    expect([...targets.subarray(start, start + task.length - 1)]).toEqual([
      ...tokens.subarray(start + 1, start + task.length),
    ])
  }
})

test('training never sees the last tenth, which is what is held out', () => {
  // Sorted, capital letters have the first ids.
  const trained = Array.from({ length: 20 }, (_, index) => [...task.batch(index).targets]).flat()
  expect(Math.min(...trained)).toBeGreaterThanOrEqual(26)
  expect(Math.max(...task.heldOut.flatMap(({ targets }) => [...targets]))).toBeLessThan(26)
  expect(task.vocabularySize).toBe(52)
})
