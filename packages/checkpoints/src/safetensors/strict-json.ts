/** A number as it was written, so that `1.0`, `1e3` and digits beyond 2^53 are not mistaken for something else. */
export interface JsonNumber {
  readonly literal: string
}

/** JSON with objects as maps: no key is special, not even `__proto__`. */
export type StrictJson = string | boolean | null | JsonNumber | StrictJson[] | Map<string, StrictJson>

/** What the parser found wrong; the caller knows which file it is. */
export interface JsonProblem {
  readonly got: string
  readonly expected: string
  readonly position: number
}

/** Thrown by {@link parseStrictJson}. */
export class StrictJsonError extends Error {
  readonly problem: JsonProblem

  constructor(problem: JsonProblem) {
    super(`${problem.got} at character ${problem.position}, expected ${problem.expected}`)
    this.name = 'StrictJsonError'
    this.problem = problem
  }
}

const DEEPEST_NESTING = 32
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WHITESPACE = /[ \t\n\r]*/y
const ESCAPE = /\\(?:(["\\/bfnrt])|u([0-9a-fA-F]{4}))/y
const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])
const LONE_SURROGATE = /\p{Surrogate}/u
const QUOTE = 0x22
const BACKSLASH = 0x5c
const LITERALS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const

function isPlain(code: number): boolean {
  return code >= 0x20 && code !== QUOTE && code !== BACKSLASH
}

/**
 * Parses one JSON value and returns it with the position after it. Unlike `JSON.parse` it refuses a key that comes twice,
 * keeps numbers as written, keeps no prototype, and refuses nesting beyond 32 levels and escapes of half a character.
 *
 * @throws StrictJsonError
 */
export function parseStrictJson(text: string): { value: StrictJson; end: number } {
  let position = 0

  const fail = (expected: string, at: number = position): never => {
    const character = text.codePointAt(at)
    const got = character === undefined ? 'ends' : `has ${JSON.stringify(String.fromCodePoint(character))}`
    throw new StrictJsonError({ got, expected, position: at })
  }
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position
    const found = pattern.exec(text)
    if (found !== null) position = pattern.lastIndex
    return found
  }
  const take = (character: string): boolean => {
    match(WHITESPACE)
    if (text[position] !== character) return false
    position += 1
    return true
  }

  const parseString = (): string => {
    const start = position
    if (!take('"')) fail('a string in double quotes')
    const parts: string[] = []
    for (;;) {
      const plainStart = position
      while (isPlain(text.charCodeAt(position))) position += 1
      parts.push(text.slice(plainStart, position))
      if (text[position] === '"') break
      const escape = match(ESCAPE)
      if (escape === null) return fail('a character, an escape or a closing quote')
      const [, short, code] = escape
      parts.push(
        code === undefined
          ? (ESCAPED.get(short ?? '') ?? '')
          : String.fromCharCode(Number.parseInt(code, 16)),
      )
    }
    position += 1
    const value = parts.join('')
    if (LONE_SURROGATE.test(value)) {
      throw new StrictJsonError({
        got: 'has half of a surrogate pair in a string',
        expected: 'whole Unicode characters',
        position: start,
      })
    }
    return value
  }

  const parseObject = (depth: number): Map<string, StrictJson> => {
    const entries = new Map<string, StrictJson>()
    if (take('}')) return entries
    do {
      match(WHITESPACE)
      const start = position
      const key = parseString()
      if (entries.has(key)) {
        throw new StrictJsonError({
          got: `has the key ${JSON.stringify(key.slice(0, 80))} twice`,
          expected: 'each key once',
          position: start,
        })
      }
      if (!take(':')) fail("':'")
      entries.set(key, parseValue(depth + 1))
    } while (take(','))
    if (!take('}')) fail("',' or '}'")
    return entries
  }

  const parseArray = (depth: number): StrictJson[] => {
    const items: StrictJson[] = []
    if (take(']')) return items
    do {
      items.push(parseValue(depth + 1))
    } while (take(','))
    if (!take(']')) fail("',' or ']'")
    return items
  }

  const parseValue = (depth: number): StrictJson => {
    if (depth > DEEPEST_NESTING) fail(`at most ${DEEPEST_NESTING} levels of nesting`)
    if (take('{')) return parseObject(depth)
    if (take('[')) return parseArray(depth)
    if (text[position] === '"') return parseString()
    for (const [word, value] of LITERALS) {
      if (text.startsWith(word, position)) {
        position += word.length
        return value
      }
    }
    const number = match(NUMBER)
    return number === null ? fail('a JSON value') : { literal: number[0] }
  }

  const value = parseValue(0)
  return { value, end: position }
}
