import { expect, test } from 'vitest'
import { withLibrary } from './library.ts'

test('a kernel gets the functions that it calls, each once, and those that these call', () => {
  const text = withLibrary('fn main() { let y = gelu(x) + errorFunction(x); }')
  for (const name of ['gelu', 'errorFunction', 'exponential', 'isNan', 'infinity', 'fromBits']) {
    expect(text.split(`fn ${name}(`)).toHaveLength(2)
  }
  expect(text).not.toContain('fn logarithm(')
})
