import { describe, quote, TokenizerError } from '../errors.ts'
import { WORD_CLASS } from './unicode.ts'

/**
 * Compiles a pattern of tokenizer.json, which is written for Oniguruma, as a JavaScript expression with the flags `gu`.
 * Translated: `\s \w \d \h` by Unicode, script names such as `\p{Han}`, `(?i:...)`, `(?>...)`, `++ *+ ?+`, `\A \z`,
 * and escapes that JavaScript does not know. Throws for a pattern that JavaScript cannot express.
 */
export function compilePattern(source: string): RegExp {
  try {
    return new RegExp(new PatternTranslator(source).translate(), 'gu')
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new TokenizerError({
      operation: 'compile pattern',
      argument: 'the regular expression',
      got: quote(source),
      expected: `one that JavaScript can express (${error.message})`,
      fix: 'Rewrite the pattern without that construct.',
    })
  }
}

/** An expression that matches exactly this text. */
export function literalPattern(text: string): RegExp {
  return new RegExp(escapeLiteral(text), 'gu')
}

/** The text with every character that has a meaning in an expression escaped. */
export function escapeLiteral(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`)
}

// What an escape stands for, inside a class and outside.
const CLASS_ESCAPES: Readonly<Record<string, readonly [inside: string, outside: string]>> = {
  s: [String.raw`\p{White_Space}`, String.raw`\p{White_Space}`],
  S: [String.raw`\P{White_Space}`, String.raw`\P{White_Space}`],
  w: [WORD_CLASS, `[${WORD_CLASS}]`],
  d: [String.raw`\p{Nd}`, String.raw`\p{Nd}`],
  D: [String.raw`\P{Nd}`, String.raw`\P{Nd}`],
  h: ['0-9a-fA-F', '[0-9a-fA-F]'],
}
const KEPT_ESCAPES = 'bBtnrfv^$\\.*+?()[]{}|/'
// Letters outside ASCII that fold to an ASCII letter.
const FOLDED: Readonly<Record<string, string>> = { s: 'ſ', k: 'K' }

/** One pass over the source; an atom, what a quantifier applies to, is translated whole, so that it can be made atomic. */
class PatternTranslator {
  readonly #source: string
  #index = 0
  #atomicGroups = 0

  constructor(source: string) {
    this.#source = source
  }

  translate(): string {
    const ignoreCase = this.#accept('(?i)')
    const translated = this.#alternatives(ignoreCase)
    if (this.#index < this.#source.length) throw new SyntaxError('unmatched )')
    return translated
  }

  /** Everything up to the closing parenthesis or the end. */
  #alternatives(ignoreCase: boolean): string {
    let output = ''
    while (this.#index < this.#source.length && this.#source[this.#index] !== ')') {
      output += this.#accept('|') ? '|' : this.#quantified(this.#atom(ignoreCase))
    }
    return output
  }

  #quantified(atom: string): string {
    const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\}|\{,\d+\})/u.exec(this.#source.slice(this.#index))?.[0]
    if (quantifier === undefined) return atom
    this.#index += quantifier.length
    // Oniguruma reads {,n} as {0,n}; JavaScript has no such form.
    const known = quantifier.replace('{,', '{0,')
    if (this.#accept('?')) return `${atom}${known}?`
    if (quantifier.length === 1 && this.#accept('+')) return this.#atomic(`${atom}${known}`)
    return `${atom}${known}`
  }

  /** JavaScript has no atomic group, but a lookahead does not give back what it captured. */
  #atomic(body: string): string {
    const name = `atomic${this.#atomicGroups++}`
    return String.raw`(?:(?=(?<${name}>${body}))\k<${name}>)`
  }

  #atom(ignoreCase: boolean): string {
    if (this.#accept('(?>')) return this.#atomic(this.#closed(ignoreCase))
    if (this.#accept('(?i:')) return `(?:${this.#closed(true)})`
    const opening = /^\((?:\?(?:[:=!]|<[=!]|<[A-Za-z_]\w*>))?/u.exec(this.#source.slice(this.#index))?.[0]
    if (opening !== undefined) {
      this.#index += opening.length
      if (this.#source[this.#index] === '?') {
        throw new SyntaxError(`unknown group (${this.#source.slice(this.#index, this.#index + 3)}`)
      }
      return `${opening}${this.#closed(ignoreCase)})`
    }
    if (this.#accept('[')) return this.#characterClass(ignoreCase)
    if (this.#accept('\\')) return this.#escape(false)
    const character = this.#take()
    if (character === ']' || character === '}' || character === '{') return `\\${character}`
    return ignoreCase ? caseClass(character) : character
  }

  #closed(ignoreCase: boolean): string {
    const body = this.#alternatives(ignoreCase)
    if (!this.#accept(')')) throw new SyntaxError('missing )')
    return body
  }

  #characterClass(ignoreCase: boolean): string {
    const opening = this.#accept('^') ? '[^' : '['
    return `${opening}${this.#classMembers(ignoreCase)}]`
  }

  /** The members of a class, its closing bracket consumed; a class inside a class is a union, so its members join in. */
  #classMembers(ignoreCase: boolean): string {
    let output = ''
    for (let first = true; first || !this.#accept(']'); first = false) {
      if (this.#accept('[:')) throw new SyntaxError('POSIX bracket in a class')
      if (this.#accept('[^')) throw new SyntaxError('negated class inside a class')
      if (this.#accept('&&')) throw new SyntaxError('intersection in a class')
      output += this.#accept('[') ? this.#classMembers(ignoreCase) : this.#classMember(ignoreCase)
    }
    return output
  }

  #classMember(ignoreCase: boolean): string {
    const from = this.#classCharacter()
    if (/^(?:\\[pP]|0-9)/u.test(from)) return from
    const next = this.#source[this.#index + 1]
    if (this.#source[this.#index] !== '-' || next === ']' || next === undefined) {
      return ignoreCase ? caseVariants(from) : from
    }
    this.#index++
    const to = this.#classCharacter()
    const range = `${from}-${to}`
    return ignoreCase
      ? `${range}${from.toLowerCase()}-${to.toLowerCase()}${from.toUpperCase()}-${to.toUpperCase()}`
      : range
  }

  #classCharacter(): string {
    if (this.#accept('\\')) return this.#escape(true)
    if (this.#index >= this.#source.length) throw new SyntaxError('missing ]')
    const character = this.#take()
    return /^[\]\-^]$/u.test(character) ? `\\${character}` : character
  }

  #escape(inClass: boolean): string {
    const hexadecimal = /^(?:u\{?|x\{?)([\dA-Fa-f]{2,6})\}?/u.exec(
      this.#source.slice(this.#index, this.#index + 9),
    )
    if (hexadecimal !== null) return this.#codePoint(hexadecimal[0], hexadecimal[1]!)
    const letter = this.#take()
    const known = CLASS_ESCAPES[letter]
    if (known !== undefined) return known[inClass ? 0 : 1]
    if (letter === 'W' && !inClass) return `[^${WORD_CLASS}]`
    if (letter === 'A' && !inClass) return '(?<![^])'
    if ((letter === 'z' || letter === 'Z') && !inClass) return '(?![^])'
    if ((letter === 'p' || letter === 'P') && this.#accept('{')) return this.#property(letter)
    if (letter === '-') return inClass ? '\\-' : '-'
    if (letter === 'e') return '\\u001B'
    if (letter === 'a') return '\\u0007'
    if (KEPT_ESCAPES.includes(letter)) return `\\${letter}`
    if (/^[A-Za-z\d]$/u.test(letter)) throw new SyntaxError(`unknown escape \\${letter}`)
    return letter
  }

  #codePoint(written: string, digits: string): string {
    const size = written.includes('{') ? digits.length : written.startsWith('u') ? 4 : 2
    this.#index += written.includes('{') ? written.length : 1 + size
    return `\\u{${digits.slice(0, size)}}`
  }

  #property(letter: string): string {
    const end = this.#source.indexOf('}', this.#index)
    if (end < 0) throw new SyntaxError('missing } of a property')
    const text = this.#source.slice(this.#index, end)
    this.#index = end + 1
    const negated = text.startsWith('^')
    const name = negated ? text.slice(1) : text
    const sign = negated === (letter === 'p') ? 'P' : 'p'
    const spellings = [name, `Script=${name}`]
    const spelling = spellings.find((candidate) => isProperty(candidate))
    if (spelling === undefined) throw new SyntaxError(`unknown property ${describe(name)}`)
    return `\\${sign}{${spelling}}`
  }

  #accept(text: string): boolean {
    if (!this.#source.startsWith(text, this.#index)) return false
    this.#index += text.length
    return true
  }

  #take(): string {
    const codePoint = this.#source.codePointAt(this.#index)
    if (codePoint === undefined) throw new SyntaxError('\\ at the end')
    const character = String.fromCodePoint(codePoint)
    this.#index += character.length
    return character
  }
}

function isProperty(name: string): boolean {
  try {
    return new RegExp(String.raw`\p{${name}}`, 'u') instanceof RegExp
  } catch {
    return false
  }
}

function caseVariants(character: string): string {
  const lower = character.toLowerCase()
  const variants = new Set([character, lower, character.toUpperCase(), FOLDED[lower] ?? character])
  return [...variants].filter((variant) => [...variant].length === 1).join('')
}

function caseClass(character: string): string {
  const variants = caseVariants(character)
  return variants === character ? character : `[${variants}]`
}
