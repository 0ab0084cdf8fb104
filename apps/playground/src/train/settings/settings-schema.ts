import * as v from 'valibot'
import { alphabets, tasks, type TrainSettings } from './settings.ts'

const text = v.pipe(v.string(), v.maxLength(200))

/** Bounds keep an address from asking for more memory or time than a page should take. */
const limits = {
  longest: [5, 20],
  width: [8, 512],
  heads: [1, 16],
  layers: [1, 6],
  tokensPerBatch: [8, 8192],
  steps: [1, 20_000],
  seed: [0, 2 ** 32 - 1],
} as const

/** The most attention parts that a model is made with. */
export const mostParts = 12

export type CountField = keyof typeof limits

/** The least and the most that a field may be. */
export function limitsOf(field: CountField): readonly [least: number, most: number] {
  return limits[field]
}

const count = (field: CountField): v.GenericSchema<number, number> =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(limits[field][0]), v.maxValue(limits[field][1]))
const countText = (field: CountField): v.GenericSchema<unknown, number> =>
  v.pipe(text, v.regex(/^\d{1,12}$/), v.transform(Number), count(field))
const name = v.pipe(text, v.regex(/^[a-z\d-]{1,40}$/))
const names = v.pipe(v.array(name), v.minLength(1), v.maxLength(mostParts))
const rate = v.pipe(v.number(), v.finite(), v.gtValue(0))

const choices = { task: v.picklist(tasks), alphabet: v.picklist(alphabets), backend: name }

/** Settings as the page holds them. */
export const settingsSchema: v.GenericSchema<unknown, TrainSettings> = v.strictObject({
  ...choices,
  longest: count('longest'),
  width: count('width'),
  heads: count('heads'),
  layers: count('layers'),
  attention: names,
  learningRate: rate,
  tokensPerBatch: count('tokensPerBatch'),
  steps: count('steps'),
  seed: count('seed'),
})

/** Settings as an address writes them: each is a text. */
export const addressFields: {
  readonly [Field in keyof TrainSettings]: v.GenericSchema<unknown, TrainSettings[Field]>
} = {
  ...choices,
  longest: countText('longest'),
  width: countText('width'),
  heads: countText('heads'),
  layers: countText('layers'),
  attention: v.pipe(
    text,
    v.transform((value) => value.split('+')),
    names,
  ),
  learningRate: v.pipe(text, v.regex(/^\d*\.?\d+(e[+-]?\d{1,3})?$/i), v.transform(Number), rate),
  tokensPerBatch: countText('tokensPerBatch'),
  steps: countText('steps'),
  seed: countText('seed'),
}
