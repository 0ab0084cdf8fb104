import { expect, test } from 'vitest'
import { resolveSubgroups, withSubgroups } from './subgroup-text.ts'

test('each GPU gets its own form, and what is around them', () => {
  const text = `first\n${withSubgroups('one\ntwo', 'three')}\nthen\n${withSubgroups('four', 'five')}\nlast`
  expect(resolveSubgroups(text, true)).toBe('first\none\ntwo\nthen\nfour\nlast')
  expect(resolveSubgroups(text, false)).toBe('first\nthree\nthen\nfive\nlast')
})
