import { expect, test } from 'vitest'
import { associativeRecall } from './associative-recall.ts'

const task = associativeRecall(3)

test('every key that is asked for came once, with the value that is its target', () => {
  const { tokens, targets, rows } = task.batch(5)
  const scored = task.length - task.scoredFrom
  expect(tokens).toHaveLength(rows * task.length)
  for (let row = 0; row < rows; row++) {
    const sequence = [...tokens.subarray(row * task.length, (row + 1) * task.length)]
    const asked = sequence.slice(task.scoredFrom)
    const keys = sequence.slice(0, task.scoredFrom).filter((_, index) => index % 2 === 0)
    expect(asked.toSorted()).toEqual(keys.toSorted())
    expect(new Set(keys).size).toBe(scored)
    expect(asked.map((key) => sequence[2 * keys.indexOf(key) + 1])).toEqual([
      ...targets.subarray(row * scored, (row + 1) * scored),
    ])
  }
})

test('batches depend on their number alone, and those held out are others', () => {
  expect(task.batch(7)).toEqual(associativeRecall(3).batch(7))
  expect(task.batch(7)).not.toEqual(task.batch(8))
  expect(task.batch(0)).not.toEqual(associativeRecall(4).batch(0))
  expect(task.heldOut).not.toContainEqual(task.batch(0))
})
