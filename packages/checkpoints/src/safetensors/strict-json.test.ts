import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStrictJson, type StrictJson, StrictJsonError } from './strict-json.ts'

/** Back to what `JSON.parse` gives, so that the two can be compared. */
function plain(value: StrictJson): unknown {
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]))
  }
  if (Array.isArray(value)) return value.map(plain)
  return value !== null && typeof value === 'object' ? Number(value.literal) : value
}

function accepts(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}

describe('parseStrictJson', () => {
  it('agrees with JSON.parse on any JSON that JSON.stringify writes, indented or not', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 8, noUnicodeString: false }),
        fc.integer({ min: 0, max: 2 }),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent)
          const parsed = parseStrictJson(text)
          expect(plain(parsed.value)).toEqual(JSON.parse(text))
          expect(parsed.end).toBe(text.length)
        },
      ),
    )
  })

  it('accepts nothing that JSON.parse refuses', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '\\',
      '1',
      '-',
      '0',
      '.5',
      'e3',
      'true',
      'nul',
      ' ',
      '\n',
      '\u0001',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        fc.pre(accepts(parseStrictJson, text))
        expect(accepts(JSON.parse, text.slice(0, parseStrictJson(text).end))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('reads escapes, and surrogate pairs written as escapes', () => {
    const text = String.raw`"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`
    expect(parseStrictJson(text).value).toBe('"\\/\b\f\n\r\té😀')
  })

  it('keeps numbers as they were written, and stops after the value', () => {
    expect(parseStrictJson('18446744073709551615 tail')).toEqual({
      value: { literal: '18446744073709551615' },
      end: 20,
    })
    expect(parseStrictJson('1.0').value).toEqual({ literal: '1.0' })
  })

  it('treats __proto__ as a key like any other', () => {
    const { value } = parseStrictJson('{"__proto__": {"polluted": true}}')
    expect([...(value as Map<string, StrictJson>).keys()]).toEqual(['__proto__'])
    expect('polluted' in {}).toBe(false)
  })

  it.each([
    ['{"a":1,"a":2}', 'has the key "a" twice at character 7, expected each key once'],
    [String.raw`{"a":1,"\u0061":2}`, 'has the key "a" twice at character 7, expected each key once'],
    ['[1,]', 'has "]" at character 3, expected a JSON value'],
    ['{"a" 1}', `has "1" at character 5, expected ':'`],
    ['{"a":1', "ends at character 6, expected ',' or '}'"],
    ['[1 2]', `has "2" at character 3, expected ',' or ']'`],
    ["{'a':1}", `has "'" at character 1, expected a string in double quotes`],
    ['"a', 'ends at character 2, expected a character, an escape or a closing quote'],
    ['"a\nb"', String.raw`has "\n" at character 2, expected a character, an escape or a closing quote`],
    [
      String.raw`"\x"`,
      String.raw`has "\\" at character 1, expected a character, an escape or a closing quote`,
    ],
    [
      String.raw`"\ud83d"`,
      'has half of a surrogate pair in a string at character 0, expected whole Unicode characters',
    ],
    ['NaN', 'has "N" at character 0, expected a JSON value'],
    ['', 'ends at character 0, expected a JSON value'],
    ['['.repeat(40), 'has "[" at character 33, expected at most 32 levels of nesting'],
  ])('refuses %j', (text, message) => {
    expect(() => parseStrictJson(text)).toThrow(StrictJsonError)
    expect(() => parseStrictJson(text)).toThrow(message)
  })
})
