/** A finished sequence. */
export interface Hypothesis {
  /** Without prompt and end token. */
  readonly tokens: readonly number[]
  /** Sum over the tokens, the end token included, in nats. */
  readonly logProbability: number
  /** The log-probability over the length to the power of the penalty: what hypotheses are ranked by. */
  readonly score: number
}

/** The best finished sequences of one prompt, up to a fixed number. */
export class HypothesisList {
  readonly #size: number
  readonly #lengthPenalty: number
  readonly #hypotheses: Hypothesis[] = []

  constructor(size: number, lengthPenalty: number) {
    this.#size = size
    this.#lengthPenalty = lengthPenalty
  }

  get full(): boolean {
    return this.#hypotheses.length >= this.#size
  }

  /** Adds a sequence of `length` tokens, the end token included, if it is good enough. */
  add(sequence: Omit<Hypothesis, 'score'>, length: number): void {
    this.#hypotheses.push({ ...sequence, score: this.scoreOf(sequence.logProbability, length) })
    this.#hypotheses.sort((a, b) => b.score - a.score)
    this.#hypotheses.length = Math.min(this.#hypotheses.length, this.#size)
  }

  /** Whether a sequence that has this log-probability now can still beat the worst, ending at some length in range. */
  couldAccept(logProbability: number, shortest: number, longest: number): boolean {
    const worst = this.#hypotheses.at(-1)!.score
    // Log-probabilities are negative: a positive penalty raises the score most at the longest length.
    const bestLength = this.#lengthPenalty > 0 ? longest : shortest
    return this.scoreOf(logProbability, bestLength) > worst
  }

  best(count: number): Hypothesis[] {
    return this.#hypotheses.slice(0, count)
  }

  /** What a sequence of `length` tokens is ranked by. */
  scoreOf(logProbability: number, length: number): number {
    return logProbability / Math.max(1, length) ** this.#lengthPenalty
  }
}
