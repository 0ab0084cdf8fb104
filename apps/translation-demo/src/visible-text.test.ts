import { expect, test } from 'vitest'
import { visibleText } from './visible-text.ts'

test.each([
  ['learning', ['learning']],
  [' love', ['·', 'love']],
  ['a\u0007\u00A0b', ['a', 'U+0007', 'U+00A0', 'b']],
  ['\u202E\uD83D', ['U+202E', 'U+D83D']],
  ['机器𠮷', ['机器𠮷']],
  ['', []],
])('%j is shown as %j', (text, wanted) => {
  expect(visibleText(text).map(({ shown }) => shown)).toEqual(wanted)
})

test('what stands for something else says so', () => {
  expect(visibleText(' a').map(({ isReplaced }) => isReplaced)).toEqual([true, false])
})
