import { describe, TokenizerError } from '../errors.ts'

/** A value inside a tokenizer.json document that knows its path, so that every complaint can name the place. */
export class DocumentField {
  readonly value: unknown
  readonly path: string

  constructor(value: unknown, path: string) {
    this.value = value
    this.path = path
  }

  /** True where the document has nothing or null: the format uses both for "not set". */
  get isAbsent(): boolean {
    return this.value === undefined || this.value === null
  }

  /** A field of this object. */
  at(name: string): DocumentField {
    const record = this.record()
    return new DocumentField(
      Object.hasOwn(record, name) ? record[name] : undefined,
      this.path === '' ? name : `${this.path}.${name}`,
    )
  }

  record(): Readonly<Record<string, unknown>> {
    if (this.value === null || typeof this.value !== 'object' || Array.isArray(this.value))
      this.reject('an object')
    return this.value as Readonly<Record<string, unknown>>
  }

  items(): readonly unknown[] {
    if (!Array.isArray(this.value)) this.reject('an array')
    return this.value
  }

  list(): DocumentField[] {
    return this.items().map((item, index) => new DocumentField(item, `${this.path}[${index}]`))
  }

  string(fallback?: string): string {
    if (this.isAbsent && fallback !== undefined) return fallback
    if (typeof this.value !== 'string') this.reject('a string')
    return this.value
  }

  boolean(fallback?: boolean): boolean {
    if (this.isAbsent && fallback !== undefined) return fallback
    if (typeof this.value !== 'boolean') this.reject('true or false')
    return this.value
  }

  number(): number {
    if (typeof this.value !== 'number' || !Number.isFinite(this.value)) this.reject('a number')
    return this.value
  }

  /** A whole number, zero or above. */
  count(fallback?: number): number {
    if (this.isAbsent && fallback !== undefined) return fallback
    if (typeof this.value !== 'number' || !Number.isInteger(this.value) || this.value < 0) {
      this.reject('a whole number that is not negative')
    }
    return this.value
  }

  oneOf<Value extends string>(allowed: readonly Value[], fallback?: Value): Value {
    if (this.isAbsent && fallback !== undefined) return fallback
    const found = allowed.find((value) => value === this.value)
    return found ?? this.reject(`one of ${allowed.join(', ')}`)
  }

  reject(expected: string, fix = 'Correct that field of the document.'): never {
    throw new TokenizerError({
      operation: 'read tokenizer.json',
      argument: this.path === '' ? 'the document' : `'${this.path}'`,
      got: this.value === undefined ? 'missing' : describe(this.value),
      expected,
      fix,
    })
  }
}
