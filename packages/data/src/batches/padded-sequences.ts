/** Sequences of token ids, padded at the end to one length. */
export interface PaddedSequences {
  /** Token ids, row after row; axes `[batch, length]`. */
  readonly ids: Int32Array
  readonly shape: readonly [batch: number, length: number]
  /** The number of ids in each row that are not padding; axis `[batch]`. */
  readonly lengths: Int32Array
}

/**
 * Writes sequences into one array `[batch, length]`, each padded at the end with `paddingId` to the longest of them.
 *
 * @example
 * padSequences([[5, 6], [7]], 0) // ids 5 6 7 0, shape [2, 2], lengths 2 1
 */
export function padSequences(sequences: readonly ArrayLike<number>[], paddingId: number): PaddedSequences {
  const lengths = Int32Array.from(sequences, (sequence) => sequence.length)
  const length = lengths.reduce((longest, each) => Math.max(longest, each), 0)
  const ids = new Int32Array(sequences.length * length).fill(paddingId)
  for (const [row, sequence] of sequences.entries()) ids.set(sequence, row * length)
  return { ids, shape: [sequences.length, length], lengths }
}
