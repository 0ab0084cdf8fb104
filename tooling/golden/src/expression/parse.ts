import type { Argument, BinaryOperator, Expression, Statement } from './syntax.ts'

/** How tightly operators bind; `**` binds to the right. */
const precedence: Readonly<Record<BinaryOperator, number>> = {
  '<': 1,
  '<=': 1,
  '>': 1,
  '>=': 1,
  '==': 1,
  '!=': 1,
  '+': 2,
  '-': 2,
  '*': 3,
  '/': 3,
  '@': 3,
  '**': 5,
}
const negationPrecedence = 4
const constants = new Map<string, number | boolean | null>([
  ['True', true],
  ['False', false],
  ['None', null],
  ['inf', Infinity],
  ['nan', NaN],
  ['pi', Math.PI],
])
const tokenPattern = /\s*(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+|[A-Za-z_]\w*|\*\*|[<>=!]=|.)/gy

/**
 * Parses the small Python-like language of `expr` cases: arithmetic, `f(x)`, `x.method(1, dim=0)`, `x[1:3]`, and
 * `name = value;` in front of the result. Throws an `Error` that shows the place.
 *
 * @example
 * parseProgram('h = tanh(x @ w); h * h[0]')
 */
export function parseProgram(source: string): readonly Statement[] {
  return source
    .split(';')
    .filter((text) => text.trim() !== '')
    .map((text) => new Parser(text).statement())
}

class Parser {
  readonly #source: string
  readonly #tokens: readonly { readonly text: string; readonly start: number; readonly end: number }[]
  #next = 0

  constructor(source: string) {
    this.#source = source
    this.#tokens = [...source.trimEnd().matchAll(tokenPattern)].map((match) => {
      const end = match.index + match[0].length
      return { text: match[1]!, start: end - match[1]!.length, end }
    })
  }

  statement(): Statement {
    if (isName(this.#peek()) && this.#peek(1) === '=') {
      const name = this.#take()
      this.#expect('=')
      return { name, value: this.#whole() }
    }
    return { value: this.#whole() }
  }

  #whole(): Expression {
    const value = this.#expression(0)
    if (this.#peek() !== undefined) this.#fail('expected an operator or the end')
    return value
  }

  #expression(minimum: number): Expression {
    let left = this.#operand()
    for (;;) {
      const operator = this.#peek() as BinaryOperator
      const binding = Object.hasOwn(precedence, operator ?? '') ? precedence[operator] : -1
      if (binding < minimum || binding === -1) return left
      this.#take()
      const right = this.#expression(operator === '**' ? negationPrecedence : binding + 1)
      left = { kind: 'binary', operator, left, right }
    }
  }

  #operand(): Expression {
    if (this.#peek() === '-') {
      this.#take()
      return { kind: 'negation', operand: this.#expression(negationPrecedence) }
    }
    let value = this.#primary()
    for (;;) {
      if (this.#peek() === '.') {
        this.#take()
        const name = this.#take()
        value = { kind: 'method', receiver: value, name, arguments: this.#arguments() }
      } else if (this.#peek() === '[') value = { kind: 'index', receiver: value, ranges: this.#brackets() }
      else return value
    }
  }

  #primary(): Expression {
    const token = this.#take()
    if (/^[\d.]/.test(token)) return { kind: 'literal', value: Number(token) }
    if (token === '(') return this.#tuple(')')
    if (token === '[') return { kind: 'tuple', items: asItems(this.#tuple(']')) }
    if (!isName(token)) this.#fail('expected a value', -1)
    const constant = constants.get(token)
    if (constant !== undefined) return { kind: 'literal', value: constant }
    if (this.#peek() === '(') return { kind: 'call', name: token, arguments: this.#arguments() }
    return { kind: 'name', name: token }
  }

  /** What follows an opening bracket: one expression, or several with commas. */
  #tuple(end: string): Expression {
    const items: Expression[] = []
    let commas = 0
    while (this.#peek() !== end) {
      items.push(this.#expression(0))
      if (this.#peek() !== ',') break
      this.#take()
      commas += 1
    }
    this.#expect(end)
    return items.length === 1 && commas === 0 ? items[0]! : { kind: 'tuple', items }
  }

  #arguments(): readonly Argument[] {
    this.#expect('(')
    const list: Argument[] = []
    while (this.#peek() !== ')') {
      if (this.#atArgumentName()) {
        const name = this.#take()
        if (this.#peek() === '=') this.#take()
        list.push({ name, value: this.#expression(0) })
      } else list.push({ value: this.#expression(0) })
      if (this.#peek() !== ',') break
      this.#take()
    }
    this.#expect(')')
    return list
  }

  /** Whether a name for an argument comes next, as in `dim=0`, or `axis 0` without the sign. */
  #atArgumentName(): boolean {
    const [name, next] = [this.#peek(), this.#peek(1)]
    if (next === '=') return isName(name)
    return (name === 'axis' || name === 'dim') && next !== ',' && next !== ')'
  }

  #brackets(): string {
    const { end } = this.#tokens[this.#next]!
    while (this.#peek() !== ']') this.#take()
    const { start } = this.#tokens[this.#next]!
    this.#take()
    return this.#source.slice(end, start)
  }

  #peek(ahead = 0): string | undefined {
    return this.#tokens[this.#next + ahead]?.text
  }

  #take(): string {
    const token = this.#peek()
    if (token === undefined) this.#fail('expected more')
    this.#next += 1
    return token
  }

  #expect(text: string): void {
    if (this.#take() !== text) this.#fail(`expected '${text}'`, -1)
  }

  #fail(problem: string, offset = 0): never {
    const place = this.#tokens[this.#next + offset]?.start ?? this.#source.length
    throw new Error(`${problem} in '${this.#source.slice(0, place)}>>>${this.#source.slice(place)}'`)
  }
}

function isName(token: string | undefined): token is string {
  return token !== undefined && /^[A-Za-z_]/.test(token)
}

function asItems(value: Expression): readonly Expression[] {
  return value.kind === 'tuple' ? value.items : [value]
}
