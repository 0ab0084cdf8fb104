import { ArgumentError } from '@qkv/tensor'
import type { Best } from './training-state.ts'

/** Which way a metric gets better. */
export type Goal = 'lowest' | 'highest'

export interface EarlyStopping {
  /** The figure of the evaluator that decides, such as `loss` or `bleu`. */
  readonly metric: string
  /** After how many evaluations without a new best value to stop; Infinity only keeps track of the best. */
  readonly patience: number
  /** `lowest` for loss and perplexity, `highest` for bleu, chrf, exactMatch and accuracy; must be said for others. */
  readonly goal?: Goal
}

const knownGoals: Readonly<Record<string, Goal>> = {
  loss: 'lowest',
  perplexity: 'lowest',
  bleu: 'highest',
  chrf: 'highest',
  exactMatch: 'highest',
  accuracy: 'highest',
}

/** The goal that is said or known; throws an `ArgumentError` when it is neither, or the patience is none. */
export function checkEarlyStopping({ metric, goal, patience }: EarlyStopping): Goal {
  if (patience !== Infinity && !(Number.isSafeInteger(patience) && patience >= 1)) {
    throw new ArgumentError({
      operation: 'Trainer',
      argument: 'earlyStopping.patience',
      got: `is ${patience}`,
      expected: 'a number of evaluations from 1, or Infinity',
      fix: 'Use 3 to start with.',
    })
  }
  const known = goal ?? (Object.hasOwn(knownGoals, metric) ? knownGoals[metric] : undefined)
  if (known) return known
  throw new ArgumentError({
    operation: 'Trainer',
    argument: 'earlyStopping.goal',
    got: `is missing for the metric '${metric}'`,
    expected: "'lowest' or 'highest', as only those of common metrics are known",
    fix: `Add \`goal: 'highest'\` if more '${metric}' is better.`,
  })
}

/** The value of the metric that decides; throws an `ArgumentError` when the evaluator does not give it. */
export function decisiveValue(metrics: Readonly<Record<string, number>>, metric: string): number {
  const value = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined
  if (value !== undefined) return value
  throw new ArgumentError({
    operation: 'Trainer',
    argument: 'earlyStopping.metric',
    got: `is '${metric}'`,
    expected: `one of what the evaluator gives: ${Object.keys(metrics).join(', ')}`,
    fix: 'Change the metric, or the evaluator.',
  })
}

/** Whether a value beats the best one. NaN and infinities beat nothing. */
export function improves(value: number, best: Best | null, goal: Goal): boolean {
  if (!Number.isFinite(value)) return false
  if (best === null) return true
  return goal === 'lowest' ? value < best.value : value > best.value
}
