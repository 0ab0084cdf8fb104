import { expect, test } from 'vitest'
import { clockTime } from './clock.ts'

test.each([
  [2, 0, '两点', "two o'clock"],
  [12, 15, '十二点一刻', 'a quarter past twelve'],
  [7, 30, '七点半', 'half past seven'],
  [2, 20, '两点二十分', 'two twenty'],
  [11, 45, '十一点四十五分', 'eleven forty-five'],
])('clockTime of %d:%d', (hour, minute, chinese, english) => {
  expect(clockTime(hour, minute)).toEqual({ chinese, english })
})
