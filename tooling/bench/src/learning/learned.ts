import type { Outcome, TrainingBudget } from './train-variant.ts'

/** What is known of one part. */
export type LearnedPart =
  | { readonly reason: string }
  | {
      /** The names of all parts of its composition. */
      readonly parts: readonly string[]
      readonly options?: object
      readonly causal: boolean
      /** By task; without `text` where later characters would be seen. */
      readonly tasks: Readonly<Record<string, Outcome>>
    }

/** The file of results. */
export interface LearnedFile {
  readonly machine: string
  /** By task: with others, results could not be compared. */
  readonly budgets: Readonly<Record<string, TrainingBudget>>
  readonly parts: Readonly<Record<string, LearnedPart>>
}
