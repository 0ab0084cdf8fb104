import { Heap } from '../heap.ts'

export interface BpeTrainingOptions {
  /** Tokens to end with, alphabet and special tokens included; fewer where the text has no more pairs. */
  readonly vocabularySize: number
  /** They take the first ids, in this order. */
  readonly specialTokens?: readonly string[]
  /** Characters that get an id even if they do not occur. */
  readonly alphabet?: Iterable<string>
  /** Pairs that are rarer are not merged. */
  readonly minimumFrequency?: number
  /** Called now and then with the size reached. */
  readonly onProgress?: (vocabularySize: number) => void
}

export interface TrainedBpe {
  readonly vocabulary: ReadonlyMap<string, number>
  readonly merges: readonly (readonly [left: string, right: string])[]
}

/** A pair of neighbouring symbols: how often it stands in the text, and where it has stood. */
interface Pair {
  readonly left: number
  readonly right: number
  count: number
  /** Positions of left symbols; some may be out of date. */
  positions: number[]
}

interface Candidate {
  readonly pair: Pair
  readonly count: number
}

/** The more frequent pair first; of equally frequent ones the one with the lower left id, then the lower right id. */
function precedes(a: Candidate, b: Candidate): boolean {
  if (a.count !== b.count) return a.count > b.count
  return a.pair.left !== b.pair.left ? a.pair.left < b.pair.left : a.pair.right < b.pair.right
}

/**
 * Learns merges from words and their counts: again and again the most frequent pair of neighbours becomes a token.
 * Ids: special tokens, then characters by rising code point, then merges. Ties go to the lowest pair of ids.
 * Source: Sennrich et al. 2016, algorithm 1; order of ids and ties as in Hugging Face tokenizers.
 */
export function trainBpe(
  wordCounts: Iterable<readonly [word: string, count: number]>,
  options: BpeTrainingOptions,
): TrainedBpe {
  const { vocabularySize, specialTokens = [], alphabet = [], minimumFrequency = 0, onProgress } = options
  const words = [...wordCounts]
  const characters = new Set(alphabet)
  for (const [word] of words) for (const character of word) characters.add(character)
  const byCodePoint = [...characters].toSorted((a, b) => a.codePointAt(0)! - b.codePointAt(0)!)
  const tokens = [...new Set([...specialTokens, ...byCodePoint])]
  const vocabulary = new Map(tokens.map((token, id) => [token, id]))
  const chain = new SymbolChain(words, vocabulary, Math.max(vocabularySize, tokens.length))

  const merges: (readonly [string, string])[] = []
  while (tokens.length < vocabularySize) {
    const pair = chain.takeMostFrequent()
    if (pair === undefined || pair.count < Math.max(1, minimumFrequency)) break
    const left = tokens[pair.left]!
    const right = tokens[pair.right]!
    const merged = left + right
    // Two merges can spell the same token: they share its id.
    let id = vocabulary.get(merged)
    if (id === undefined) {
      id = tokens.length
      tokens.push(merged)
      vocabulary.set(merged, id)
    }
    merges.push([left, right])
    chain.merge(pair, id)
    if (tokens.length % 256 === 0) onProgress?.(tokens.length)
  }
  onProgress?.(tokens.length)
  return { vocabulary, merges }
}

/** All words as one chain of symbols, with the counts of pairs kept up to date: a merge costs what it changes. */
class SymbolChain {
  readonly #symbols: Int32Array
  /** Neighbours within a word; -1 at its ends. */
  readonly #previous: Int32Array
  readonly #next: Int32Array
  /** How often the word of a position stands in the text. */
  readonly #counts: Float64Array
  readonly #idLimit: number
  readonly #pairs = new Map<number, Pair>()
  readonly #candidates = new Heap<Candidate>(precedes)

  constructor(
    words: readonly (readonly [string, number])[],
    vocabulary: ReadonlyMap<string, number>,
    idLimit: number,
  ) {
    const total = words.reduce((sum, [word]) => sum + word.length, 0)
    this.#symbols = new Int32Array(total)
    this.#previous = new Int32Array(total).fill(-1)
    this.#next = new Int32Array(total).fill(-1)
    this.#counts = new Float64Array(total)
    this.#idLimit = idLimit
    let position = 0
    for (const [word, count] of words) {
      const begin = position
      for (const character of word) {
        this.#symbols[position] = vocabulary.get(character)!
        this.#counts[position] = count
        if (position > begin) {
          this.#previous[position] = position - 1
          this.#next[position - 1] = position
          this.#addPair(position - 1, count)
        }
        position++
      }
    }
    for (const pair of this.#pairs.values()) this.#candidates.push({ pair, count: pair.count })
  }

  /** The pair to merge next; counts of candidates may be out of date, which shows when they come out. */
  takeMostFrequent(): Pair | undefined {
    for (
      let candidate = this.#candidates.pop();
      candidate !== undefined;
      candidate = this.#candidates.pop()
    ) {
      const { pair, count } = candidate
      if (pair.count === count) return pair
      if (pair.count > 0) this.#candidates.push({ pair, count: pair.count })
    }
    return undefined
  }

  /** Replaces every occurrence of a pair, from left to right. */
  merge(pair: Pair, id: number): void {
    const positions = Int32Array.from(pair.positions).toSorted()
    pair.positions = []
    const grown = new Set<Pair>()
    for (const position of positions) {
      const right = this.#next[position]!
      if (this.#symbols[position] !== pair.left || right < 0 || this.#symbols[right] !== pair.right) continue
      const count = this.#counts[position]!
      const before = this.#previous[position]!
      const after = this.#next[right]!
      if (before >= 0) this.#removePair(before, count)
      if (after >= 0) this.#removePair(right, count)
      this.#symbols[position] = id
      this.#symbols[right] = -1
      this.#next[position] = after
      this.#next[right] = -1
      if (after >= 0) this.#previous[after] = position
      if (before >= 0) grown.add(this.#addPair(before, count))
      if (after >= 0) grown.add(this.#addPair(position, count))
    }
    pair.count = 0
    for (const changed of grown) {
      if (changed.count > 0) this.#candidates.push({ pair: changed, count: changed.count })
    }
  }

  #addPair(position: number, count: number): Pair {
    const left = this.#symbols[position]!
    const right = this.#symbols[this.#next[position]!]!
    const key = left * this.#idLimit + right
    let pair = this.#pairs.get(key)
    if (pair === undefined) {
      pair = { left, right, count: 0, positions: [] }
      this.#pairs.set(key, pair)
    }
    pair.count += count
    pair.positions.push(position)
    return pair
  }

  #removePair(position: number, count: number): void {
    const key = this.#symbols[position]! * this.#idLimit + this.#symbols[this.#next[position]!]!
    this.#pairs.get(key)!.count -= count
  }
}
