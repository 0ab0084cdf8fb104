import { ArgumentError, type RandomStreamState } from '@qkv/tensor'

/** Where a training stands in its data: what `@qkv/data` calls by the same name. */
export interface DataPosition {
  /** Passes over the data that are complete. */
  readonly epoch: number
  /** Batches of this epoch that are done. */
  readonly batch: number
}

/** The best value of a metric so far, and when it was reached. */
export interface Best {
  readonly metric: string
  readonly value: number
  readonly step: number
}

/** All that a training is besides its arrays: plain JSON. */
export interface TrainingState {
  readonly version: 1
  /** Training steps made. */
  readonly step: number
  /** Where the next batch comes from. */
  readonly position: DataPosition
  /** Where the random stream of dropout stands. */
  readonly random: RandomStreamState
  readonly optimizer: { readonly name: string; readonly values: Readonly<Record<string, number>> }
  /** Of the next step: shows, on resuming, whether the schedule is still the same. */
  readonly learningRate: number
  readonly best: Best | null
  /** Evaluations since the best one. */
  readonly withoutImprovement: number
  /** The step of the last evaluation. */
  readonly evaluatedStep: number | null
  /** Number of the next event: what a log has from there on is to be dropped. */
  readonly sequence: number
  /** Spent in training steps. */
  readonly seconds: number
  /** Trained on. */
  readonly tokens: number
}

/** What changes while training, apart from the arrays and the random stream. */
export type Progress = Omit<TrainingState, 'version' | 'random' | 'optimizer' | 'learningRate' | 'sequence'>

type Check = (value: unknown) => boolean

const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value)
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const isText: Check = (value) => typeof value === 'string'
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([name, check]) => check(value[name]))

const fields: { readonly [Field in keyof TrainingState]: Check } = {
  version: (value) => value === 1,
  step: isCount,
  position: record({ epoch: isCount, batch: isCount }),
  random: record({
    key: (key) => Array.isArray(key) && key.length === 2 && key.every(isCount),
    position: isCount,
  }),
  optimizer: record({
    name: isText,
    values: (values) => isRecord(values) && Object.values(values).every(isNumber),
  }),
  learningRate: isNumber,
  best: orNull(record({ metric: isText, value: isNumber, step: isCount })),
  withoutImprovement: isCount,
  evaluatedStep: orNull(isCount),
  sequence: isCount,
  seconds: isNumber,
  tokens: isNumber,
}

/** A state that comes from outside; throws an `ArgumentError` with the field that this version cannot read. */
export function checkTrainingState(state: unknown): TrainingState {
  const found = isRecord(state) ? state : {}
  for (const [field, check] of Object.entries(fields)) {
    if (check(found[field])) continue
    throw new ArgumentError({
      operation: 'Trainer.resume',
      argument: `state.${field}`,
      got: field in found ? `is ${JSON.stringify(found[field])}` : 'is missing',
      expected: 'what a trainer of this version writes',
      fix: 'Resume from another checkpoint, or start the training anew.',
    })
  }
  return state as TrainingState
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
