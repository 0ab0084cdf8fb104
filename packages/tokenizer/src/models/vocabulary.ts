import { describe, quote, TokenizerError } from '../errors.ts'
import type { DocumentField } from '../document/document-field.ts'
import type { Vocabulary } from './model.ts'

/** Token to id, as a map or as the plain object that JSON has. */
export type VocabularySource = ReadonlyMap<string, number> | Readonly<Record<string, number>>

/** A vocabulary held in memory that can write itself as the object of tokenizer.json, by rising id. */
export class TokenTable implements Vocabulary {
  readonly #ids: ReadonlyMap<string, number>
  readonly #tokens: (string | undefined)[]

  /** Throws where an id is not a whole number, or stands for two tokens. */
  constructor(source: VocabularySource) {
    this.#ids = source instanceof Map ? source : new Map(Object.entries(source))
    this.#tokens = []
    for (const [token, id] of this.#ids) {
      if (!Number.isInteger(id) || id < 0)
        this.#reject(token, describe(id), 'a whole number that is not negative')
      const other = this.#tokens[id]
      if (other !== undefined) this.#reject(token, `${id}, which is ${quote(other)} too`, 'an id of its own')
      this.#tokens[id] = token
    }
  }

  get size(): number {
    return this.#tokens.length
  }

  idOf(token: string): number | undefined {
    return this.#ids.get(token)
  }

  tokenOf(id: number): string | undefined {
    return this.#tokens[id]
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries([...this.#ids].toSorted(([, a], [, b]) => a - b))
  }

  #reject(token: string, got: string, expected: string): never {
    throw new TokenizerError({
      operation: 'read vocabulary',
      argument: `the id of ${quote(token)}`,
      got,
      expected,
      fix: 'Correct the vocabulary: every token needs one id, every id one token.',
    })
  }
}

/** Reads the `vocab` object of a model. */
export function readVocabulary(field: DocumentField): Record<string, number> {
  const record = field.record()
  for (const [token, id] of Object.entries(record)) {
    if (typeof id !== 'number') field.at(token).reject('a whole number that is not negative')
  }
  return record as Record<string, number>
}

/** The id of a token that must be there, such as the one for the unknown. */
export function requireToken(table: Vocabulary, operation: string, argument: string, token: string): number {
  const id = table.idOf(token)
  if (id !== undefined) return id
  throw new TokenizerError({
    operation,
    argument,
    got: quote(token),
    expected: 'a token of the vocabulary',
    fix: `Add ${quote(token)} to the vocabulary, or name another token.`,
  })
}
