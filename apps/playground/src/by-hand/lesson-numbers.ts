/** All numbers and choices of the lesson on attention: what is computed follows from them. */
export interface LessonNumbers {
  /** `[length, width]` */
  readonly inputs: readonly (readonly number[])[]
  /** `[width, size]` each. */
  readonly queryWeights: readonly (readonly number[])[]
  readonly keyWeights: readonly (readonly number[])[]
  readonly valueWeights: readonly (readonly number[])[]
  /** `[size, width]`, used when there is more than one head. */
  readonly outputWeights: readonly (readonly number[])[]
  /** Divides the size. */
  readonly heads: number
  /** Whether scores are divided by the square root of the head size. */
  readonly scaled: boolean
  /** `[query, key]`, true where the query may look. */
  readonly keep: readonly (readonly boolean[])[]
}
