import { expect, test } from 'vitest'
import { checkChoice, checkOptions, even, finite, numberAbove, odd, wholeFrom } from './check-options.ts'

test('each rule refuses what is beyond its bound, and what is no number', () => {
  const refused = (rule: Parameters<typeof checkOptions>[2], ...values: readonly number[]): number[] =>
    values.filter((value) => !rule.fits(value))
  expect(refused(wholeFrom(1), 0, 1, 1.5, 2, NaN, Infinity)).toEqual([0, 1.5, NaN, Infinity])
  expect(refused(numberAbove(0), 0, 0.5, NaN, Infinity)).toEqual([0, NaN, Infinity])
  expect(refused(finite, -1, NaN, Infinity)).toEqual([NaN, Infinity])
  expect(refused(even, 0, 1, 2, 2.5)).toEqual([1, 2.5])
  expect(refused(odd, 0, 1, 2.5, 3)).toEqual([0, 2.5])
})

test('the first option that breaks the rule is named, and those left out are not looked at', () => {
  const check = () => checkOptions('part', { a: 1, b: undefined, c: 0, d: 0 }, wholeFrom(1), 'Give more.')
  expect(check).toThrow("part: 'c' is 0, expected a whole number of at least 1. Give more.")
})

test('a word is one of those that there are', () => {
  const choices = ['red', 'green', 'blue']
  expect(() => checkChoice('part', { first: 'red', second: 'grey' }, choices)).toThrow(
    "part: 'second' is 'grey', expected 'red', 'green' or 'blue'. Leave it out for the default.",
  )
})
