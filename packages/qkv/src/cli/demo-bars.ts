import { createRandomGenerator, type Pair, shuffle } from '@qkv/data'
import { corpusBleu } from '@qkv/trainer'
import { RunError } from '../errors/run-error.ts'

/** What the demo translates whatever else it is asked for, and what must come out. */
export const alwaysTranslated = { source: '机器学习', target: 'machine learning' } as const

/** Shares and BLEU from 0 to 100. */
export const bars = { exactMatch: 85, bleu: 90, shuffledBleu: 15 } as const

/** What the demo measured on held-out pairs. */
export interface Measured {
  readonly exactMatch: number
  readonly bleu: number
  /** With the sources shuffled among the pairs. */
  readonly shuffledBleu: number
  /** What the sentence that is always translated came out as. */
  readonly machineLearning: string
}

/**
 * BLEU with the sources shuffled among the pairs: what a model reaches that only knows what sentences look like. A
 * translation depends on its source alone, so shuffled sources give shuffled translations.
 */
export function shuffledBleuOf(translations: readonly string[], pairs: readonly Pair[]): number {
  const references = pairs.map(({ target }) => target)
  return corpusBleu(shuffle(translations, createRandomGenerator(1)), [references]).score
}

/** Throws a `RunError` for the first bar that is not reached. */
export function checkBars({ exactMatch, bleu, shuffledBleu, machineLearning }: Measured): void {
  const fail = (argument: string, got: string, expected: string): never => {
    throw new RunError({
      operation: 'qkv demo',
      argument,
      got,
      expected,
      fix: 'The model has not learned what it should: look at the losses above.',
    })
  }
  // Written so that a figure that is no number fails too.
  if (!(exactMatch >= bars.exactMatch)) {
    fail('exact match', `is ${exactMatch.toFixed(1)} %`, `at least ${bars.exactMatch} %`)
  }
  if (!(bleu >= bars.bleu)) fail('BLEU', `is ${bleu.toFixed(1)}`, `at least ${bars.bleu}`)
  if (!(shuffledBleu <= bars.shuffledBleu)) {
    fail('BLEU with shuffled sources', `is ${shuffledBleu.toFixed(1)}`, `at most ${bars.shuffledBleu}`)
  }
  if (machineLearning !== alwaysTranslated.target) {
    fail(alwaysTranslated.source, `came out as '${machineLearning}'`, `'${alwaysTranslated.target}'`)
  }
}
