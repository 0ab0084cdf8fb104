import type { ReadState } from '../page-state.svelte.ts'
import type { LessonNumbers } from './lesson-numbers.ts'
import { presetMask, presetOf, readMask, writeMask } from './masks.ts'
import { largestSize, readMatrix, resizeMatrix, writeMatrix } from './matrix-text.ts'

/** Where the lesson starts: the article's three inputs, or the same with two heads. */
export const examples: Readonly<Record<'article' | 'two-heads', LessonNumbers>> = {
  article: {
    inputs: [
      [1, 0, 1, 0],
      [0, 2, 0, 2],
      [1, 1, 1, 1],
    ],
    queryWeights: [
      [1, 0, 1],
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 1],
    ],
    keyWeights: [
      [0, 0, 1],
      [1, 1, 0],
      [0, 1, 0],
      [1, 1, 0],
    ],
    valueWeights: [
      [0, 2, 0],
      [0, 3, 0],
      [1, 0, 3],
      [1, 1, 0],
    ],
    outputWeights: [
      [1, 0, 0, 1],
      [0, 1, 1, 0],
      [1, 0, 1, 0],
    ],
    heads: 1,
    scaled: false,
    keep: presetMask('none', 3),
  },
  'two-heads': {
    inputs: [
      [1, 0, 1, 0],
      [0, 2, 0, 2],
      [1, 1, 1, 1],
    ],
    queryWeights: [
      [1, 0, 1, 0],
      [1, 0, 0, 1],
      [0, 0, 1, 0],
      [0, 1, 1, 0],
    ],
    keyWeights: [
      [0, 0, 1, 1],
      [1, 1, 0, 0],
      [0, 1, 0, 1],
      [1, 1, 0, 0],
    ],
    valueWeights: [
      [0, 2, 0, 1],
      [0, 3, 0, 0],
      [1, 0, 3, 0],
      [1, 1, 0, 2],
    ],
    outputWeights: [
      [1, 0, 0, 1],
      [0, 1, 1, 0],
      [1, 0, 1, 0],
      [0, 1, 0, 1],
    ],
    heads: 2,
    scaled: true,
    keep: presetMask('none', 3),
  },
}

export type Example = keyof typeof examples

export interface AttentionState {
  readonly example: Example
  readonly numbers: LessonNumbers
}

/** Sizes that can be chosen. */
export interface LessonSizes {
  readonly inputs: number
  readonly width: number
  readonly size: number
  readonly heads: number
}

const matrices = {
  x: 'inputs',
  q: 'queryWeights',
  k: 'keyWeights',
  v: 'valueWeights',
  o: 'outputWeights',
} as const

export function sizesOf({ inputs, queryWeights, heads }: LessonNumbers): LessonSizes {
  return { inputs: inputs.length, width: inputs[0]!.length, size: queryWeights[0]!.length, heads }
}

/** Into how many heads so many columns can be split. */
export function possibleHeads(size: number): readonly number[] {
  return Array.from({ length: size }, (_, index) => index + 1).filter((heads) => size % heads === 0)
}

/** The lesson at other sizes: numbers that still have a place stay. */
export function resize(numbers: LessonNumbers, sizes: LessonSizes): LessonNumbers {
  const { inputs, width, size } = sizes
  const preset = presetOf(numbers.keep)
  return {
    inputs: resizeMatrix(numbers.inputs, inputs, width),
    queryWeights: resizeMatrix(numbers.queryWeights, width, size),
    keyWeights: resizeMatrix(numbers.keyWeights, width, size),
    valueWeights: resizeMatrix(numbers.valueWeights, width, size),
    outputWeights: resizeMatrix(numbers.outputWeights, size, width),
    heads: size % sizes.heads === 0 ? sizes.heads : 1,
    scaled: numbers.scaled,
    keep:
      preset === undefined
        ? presetMask('none', inputs).map((row, query) =>
            row.map((_, key) => numbers.keep[query]?.[key] ?? true),
          )
        : presetMask(preset, inputs),
  }
}

/** The numbers of a link; where they do not fit together, those of the example. */
export function readAttention(parameters: URLSearchParams): ReadState<AttentionState> {
  const refused: string[] = []
  const example: Example = parameters.get('example') === 'two-heads' ? 'two-heads' : 'article'
  if (!['article', 'two-heads', null].includes(parameters.get('example'))) refused.push('example')
  const start = examples[example]
  const read: { -readonly [Name in keyof LessonNumbers]: LessonNumbers[Name] } = { ...start }
  for (const [letter, name] of Object.entries(matrices)) {
    const text = parameters.get(letter)
    if (text === null) continue
    const matrix = readMatrix(text)
    if (matrix) read[name] = matrix
    else refused.push(letter)
  }
  const { inputs, width, size } = sizesOf(read)
  for (const [letter, name] of Object.entries(matrices)) {
    const rows = { inputs, queryWeights: width, keyWeights: width, valueWeights: width, outputWeights: size }[
      name
    ]
    const columns = name === 'inputs' || name === 'outputWeights' ? width : size
    if ((read[name].length !== rows || read[name][0]!.length !== columns) && !refused.includes(letter)) {
      refused.push(letter)
    }
  }
  const heads = parameters.get('heads')
  if (heads !== null && /^[1-6]$/.test(heads)) read.heads = Number(heads)
  else if (heads !== null) refused.push('heads')
  if (!possibleHeads(size).includes(read.heads)) refused.push('heads')
  const scale = parameters.get('scale')
  if (scale === '1' || scale === '0') read.scaled = scale === '1'
  else if (scale !== null) refused.push('scale')
  const mask = parameters.get('mask')
  const keep = mask === null ? presetMask('none', inputs) : readMask(mask, inputs)
  if (keep) read.keep = keep
  else refused.push('mask')
  // Half of somebody's numbers would be nobody's example.
  return { state: { example, numbers: refused.length === 0 ? read : start }, refused: [...new Set(refused)] }
}

/** What differs from the example, for a link. */
export function writeAttention({ example, numbers }: AttentionState): Record<string, string | undefined> {
  const start = examples[example]
  const changed = (now: string, then: string): string | undefined => (now === then ? undefined : now)
  return {
    example: changed(example, 'article'),
    ...Object.fromEntries(
      Object.entries(matrices).map(([letter, name]) => [
        letter,
        changed(writeMatrix(numbers[name]), writeMatrix(start[name])),
      ]),
    ),
    heads: changed(String(numbers.heads), String(start.heads)),
    scale: changed(numbers.scaled ? '1' : '0', start.scaled ? '1' : '0'),
    mask: presetOf(numbers.keep) === 'none' ? undefined : writeMask(numbers.keep),
  }
}

export const sizeChoices = Array.from({ length: largestSize }, (_, index) => index + 1)
