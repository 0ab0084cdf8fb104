/** Token ids, row-major, `[rows, length]`; targets `[rows, scored]`. */
export interface TaskBatch {
  readonly tokens: Int32Array
  readonly targets: Int32Array
  readonly rows: number
}

/** Something to learn from sequences of one length. */
export interface Task {
  readonly name: string
  readonly vocabularySize: number
  readonly length: number
  /** The positions whose targets count: from here to the end. */
  readonly scoredFrom: number
  /** Whether a later position would give the answer away. */
  readonly causal: boolean
  /** The same batch for the same number. */
  batch(index: number): TaskBatch
  /** Rows that no batch has. */
  readonly heldOut: readonly TaskBatch[]
}
