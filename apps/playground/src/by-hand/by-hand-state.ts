import * as v from 'valibot'
import type { ReadState } from '../page-state.svelte.ts'
import { type AttentionState, readAttention, writeAttention } from './attention-state.ts'
import { type Numbers, readMatrix, writeMatrix } from './matrix-text.ts'

export const lessons = ['attention', 'weighted-sum', 'one-hot'] as const

export type Lesson = (typeof lessons)[number]

export interface WeightedSumState {
  readonly weights: Numbers
  readonly values: readonly number[]
}

export interface ByHandState {
  readonly lesson: Lesson
  readonly attention: AttentionState
  readonly weightedSum: WeightedSumState
  /** What is written in one-hot vectors. */
  readonly text: string
}

/** 我 爱 你 as 1, 2, 3: each looks mostly at itself. */
export const defaultWeightedSum: WeightedSumState = {
  weights: [
    [0.6, 0.2, 0.2],
    [0.2, 0.6, 0.2],
    [0.2, 0.2, 0.6],
  ],
  values: [1, 2, 3],
}

export const defaultText = '我从哪里来'

/** In UTF-16 units; a vector per character has to fit on the screen. */
export const longestText = 8

const lessonSchema = v.picklist(lessons)
const textSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(longestText))

/** The state of a link; what it says wrongly has its default. */
export function readByHand(parameters: URLSearchParams): ReadState<ByHandState> {
  const attention = readAttention(parameters)
  const refused = [...attention.refused]
  const lesson = v.safeParse(lessonSchema, parameters.get('lesson') ?? 'attention')
  if (!lesson.success) refused.push('lesson')
  const text = v.safeParse(textSchema, parameters.get('text') ?? defaultText)
  if (!text.success) refused.push('text')
  const weights = readMatrix(parameters.get('weights') ?? writeMatrix(defaultWeightedSum.weights))
  if (weights?.length !== 3 || weights[0]!.length !== 3) refused.push('weights')
  const values = readMatrix(parameters.get('values') ?? writeMatrix([defaultWeightedSum.values]))
  if (values?.length !== 1 || values[0]!.length !== 3) refused.push('values')
  const weightedSum =
    refused.includes('weights') || refused.includes('values')
      ? defaultWeightedSum
      : { weights: weights!, values: values![0]! }
  return {
    state: {
      lesson: lesson.success ? lesson.output : 'attention',
      attention: attention.state,
      weightedSum,
      text: text.success ? text.output : defaultText,
    },
    refused,
  }
}

/** What differs from the default, for a link. */
export function writeByHand(state: ByHandState): Readonly<Record<string, string | undefined>> {
  const { lesson, attention, weightedSum, text } = state
  const changed = (now: string, then: string): string | undefined => (now === then ? undefined : now)
  return {
    lesson: changed(lesson, 'attention'),
    ...writeAttention(attention),
    weights: changed(writeMatrix(weightedSum.weights), writeMatrix(defaultWeightedSum.weights)),
    values: changed(writeMatrix([weightedSum.values]), writeMatrix([defaultWeightedSum.values])),
    text: changed(text, defaultText),
  }
}
