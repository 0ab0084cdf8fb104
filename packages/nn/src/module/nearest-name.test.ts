import { expect, test } from 'vitest'
import { nearestName } from './nearest-name.ts'

test('finds the candidate with the fewest edits', () => {
  expect(nearestName('encoder.0.weight', ['decoder.0.weight', 'encoder.0.bias', 'encoder.1.weight'])).toBe(
    'encoder.1.weight',
  )
  expect(nearestName('weigth', ['bias', 'weight'])).toBe('weight')
})

test('finds none when all differ in more than half', () => {
  expect(nearestName('bias', ['weight', 'table'])).toBeUndefined()
  expect(nearestName('bias', [])).toBeUndefined()
})
