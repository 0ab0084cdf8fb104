const LONGEST_WORD = 128
const LARGEST_SIZE = 65_536

/** Remembers results for words; bounded by leaving long words out and by starting afresh when it is full. */
export class WordCache<Result> {
  readonly #results = new Map<string, Result>()

  get(word: string, compute: (word: string) => Result): Result {
    const known = this.#results.get(word)
    if (known !== undefined) return known
    const result = compute(word)
    if (word.length <= LONGEST_WORD) {
      if (this.#results.size >= LARGEST_SIZE) this.#results.clear()
      this.#results.set(word, result)
    }
    return result
  }
}
