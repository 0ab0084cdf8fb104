/** A sentence and its translation. */
export interface Pair {
  readonly source: string
  readonly target: string
}
