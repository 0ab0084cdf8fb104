/** What can be learnt here: orders of symbols, and the phrase book in both directions. */
export const tasks = ['copy', 'reverse', 'sort', 'zh-en', 'en-zh'] as const
export type Task = (typeof tasks)[number]

export const alphabets = ['digits', 'letters'] as const
export type Alphabet = (typeof alphabets)[number]

/** All that the page asks before it trains. */
export interface TrainSettings {
  readonly task: Task
  /** What sequences are made of; the phrase book has no use for it. */
  readonly alphabet: Alphabet
  /** Symbols of the longest sequence; the phrase book has no use for it. */
  readonly longest: number
  readonly width: number
  readonly heads: number
  /** Of the encoder, and as many of the decoder. */
  readonly layers: number
  /** Names of attention parts, as a config has them. */
  readonly attention: readonly string[]
  readonly backend: string
  /** The highest one. */
  readonly learningRate: number
  /** Tokens of source and target, padding included. */
  readonly tokensPerBatch: number
  readonly steps: number
  readonly seed: number
}

export function isPhraseBook(task: Task): task is 'zh-en' | 'en-zh' {
  return task === 'zh-en' || task === 'en-zh'
}

const sequences = {
  alphabet: 'digits',
  longest: 10,
  width: 64,
  heads: 4,
  layers: 2,
  attention: ['scaled-dot', 'sinusoidal'],
  backend: 'cpu',
  learningRate: 0.003,
  tokensPerBatch: 768,
  steps: 1000,
  seed: 1,
} as const satisfies Omit<TrainSettings, 'task'>

const phraseBook = { ...sequences, learningRate: 0.005, tokensPerBatch: 480, steps: 3000 } as const

/** What a task starts with: enough to learn it in about a minute on two cores. */
export function defaultsOf(task: Task): TrainSettings {
  return isPhraseBook(task) ? { task, ...phraseBook } : { task, ...sequences }
}
