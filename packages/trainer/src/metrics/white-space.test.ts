import { describe, expect, it } from 'vitest'
import { splitWords, trimEnd, trimStart } from './white-space.ts'

// `[code for code in range(0x110000) if chr(code).isspace()]` in Python 3.13.
const PYTHON_SPACES = [
  9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200,
  8201, 8202, 8232, 8233, 8239, 8287, 12288,
]

describe('white space', () => {
  it('is what Python takes as white space, and nothing else', () => {
    const spaces = Array.from({ length: 0x10000 }, (_, code) => code).filter(
      (code) => splitWords(`a${String.fromCharCode(code)}b`).length === 2,
    )
    expect(spaces).toEqual(PYTHON_SPACES)
  })

  it('leaves no empty words', () => {
    expect(splitWords(' a  b\n\u001Cc ')).toEqual(['a', 'b', 'c'])
    expect(splitWords(' \n ')).toEqual([])
    expect(splitWords('')).toEqual([])
  })

  it('is cut at the ends only', () => {
    expect(trimStart(' \u3000a b \u001C\n')).toBe('a b \u001C\n')
    expect(trimEnd(' \u3000a b \u001C\n')).toBe(' \u3000a b')
    expect([trimStart(' \n'), trimEnd(' \n'), trimStart(''), trimEnd('')]).toEqual(['', '', '', ''])
    expect(trimEnd('\uFEFF')).toBe('\uFEFF')
  })
})
