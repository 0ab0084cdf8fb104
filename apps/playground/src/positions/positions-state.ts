import * as v from 'valibot'
import type { ReadState } from '../page-state.svelte.ts'
import { readFields } from '../read-fields.ts'

/** Two orders of the same words; a word is the same where its id is. */
export const sentencePairs = {
  chinese: {
    first: ['我', '爱', '你'],
    second: ['你', '爱', '我'],
    ids: { first: [0, 1, 2], second: [2, 1, 0] },
  },
  english: {
    first: ['I', 'love', 'you'],
    second: ['you', 'love', 'me'],
    ids: { first: [0, 1, 2], second: [2, 1, 0] },
  },
} as const

export type SentencePair = keyof typeof sentencePairs

export const limits = {
  length: { min: 2, max: 100 },
  width: { min: 2, max: 128 },
  seed: { min: 1, max: 9999 },
} as const

export interface PositionsState {
  readonly length: number
  readonly width: number
  /** The position that others are compared with. */
  readonly position: number
  /** Which words; the language of the page decides when nobody has chosen. */
  readonly words: SentencePair | undefined
  readonly seed: number
}

export const defaultPositions: PositionsState = {
  length: 50,
  width: 64,
  position: 25,
  words: undefined,
  seed: 1,
}

const whole = ({ min, max }: { readonly min: number; readonly max: number }) =>
  v.pipe(v.string(), v.regex(/^\d{1,4}$/), v.transform(Number), v.minValue(min), v.maxValue(max))

const schemas = {
  length: whole(limits.length),
  width: whole(limits.width),
  position: whole({ min: 0, max: limits.length.max - 1 }),
  words: v.picklist(['chinese', 'english']),
  seed: whole(limits.seed),
} as const

/** The state of a link; what it says wrongly has its default. */
export function readPositions(parameters: URLSearchParams): ReadState<PositionsState> {
  const { state, refused } = readFields(parameters, defaultPositions, schemas)
  if (state.position < state.length) return { state, refused }
  return {
    state: { ...state, position: state.length - 1 },
    refused: parameters.has('position') ? [...refused, 'position'] : refused,
  }
}

/** What differs from the default, for a link. */
export function writePositions(state: PositionsState): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => [
      name,
      value === defaultPositions[name as keyof PositionsState] ? undefined : String(value),
    ]),
  )
}
