import { expect, test } from 'vitest'
import { defaultsOf, tasks } from '../settings/settings.ts'
import { checkSettings } from './check-settings.ts'

test.each(tasks)('the usual settings of %s can work', async (task) => {
  expect(await checkSettings(defaultsOf(task))).toBeUndefined()
})

test.each([
  [{ heads: 3 }, "Transformer: 'heads' is 3, expected a number that divides the width 64"],
  [{ attention: ['scaled-dot', 'luong'] }, "claimed by 'scaled-dot' and 'luong'"],
  [{ attention: ['linear', 'alibi'] }, "'linear' has no score matrix"],
  [{ attention: ['scaled-dot', 'wishful'] }, "has 'wishful'"],
])('%j is refused in the words of the library', async (wrong, sentence) => {
  expect(await checkSettings({ ...defaultsOf('sort'), ...wrong })).toContain(sentence)
})
