import { quote, TokenizerError } from '../errors.ts'
import type { TokenTable } from './vocabulary.ts'

/** A merge of two tokens, as a pair or, in older documents, as one text with a blank between. */
export type Merge = string | readonly [left: string, right: string]

/** Which pairs of ids may be merged, in what order, and into what. */
export class MergeTable {
  readonly merges: readonly (readonly [string, string])[]
  readonly #vocabularySize: number
  readonly #ranks = new Map<number, number>()
  readonly #mergedIds: Int32Array

  /** Throws for a merge whose parts or whole are not in the vocabulary. */
  constructor(merges: readonly Merge[], vocabulary: TokenTable, continuingSubwordPrefix: string) {
    this.#vocabularySize = vocabulary.size
    this.#mergedIds = new Int32Array(merges.length)
    this.merges = merges.map((merge, rank) => parseMerge(merge, rank))
    for (const [rank, [left, right]] of this.merges.entries()) {
      const whole =
        left +
        (right.startsWith(continuingSubwordPrefix) ? right.slice(continuingSubwordPrefix.length) : right)
      const [leftId, rightId, wholeId] = [left, right, whole].map((token) => {
        const id = vocabulary.idOf(token)
        if (id === undefined)
          rejectMerge(rank, quote(`${left} ${right}`), `tokens of the vocabulary (${quote(token)} is none)`)
        return id
      }) as [number, number, number]
      const key = this.#key(leftId, rightId)
      // The first of two equal merges counts: it has the better rank.
      if (!this.#ranks.has(key)) this.#ranks.set(key, rank)
      this.#mergedIds[rank] = wholeId
    }
  }

  /** The rank of a pair, lower is earlier, or -1. */
  rankOf(left: number, right: number): number {
    return this.#ranks.get(this.#key(left, right)) ?? -1
  }

  mergedId(rank: number): number {
    return this.#mergedIds[rank]!
  }

  #key(left: number, right: number): number {
    return left * this.#vocabularySize + right
  }
}

function parseMerge(merge: Merge, rank: number): readonly [string, string] {
  if (typeof merge !== 'string') return merge
  const blank = merge.indexOf(' ')
  if (blank < 1 || blank === merge.length - 1)
    rejectMerge(rank, quote(merge), 'two tokens with a blank between')
  return [merge.slice(0, blank), merge.slice(blank + 1)]
}

function rejectMerge(rank: number, got: string, expected: string): never {
  throw new TokenizerError({
    operation: 'read merges',
    argument: `merge ${rank}`,
    got,
    expected,
    fix: 'Take vocabulary and merges from the same training.',
  })
}
