import type { Module } from '@qkv/nn'
import { ArgumentError } from '@qkv/tensor'
import {
  type BleuOptions,
  type ChrfOptions,
  corpusBleu,
  corpusChrf,
  exactMatch,
  type ExactMatchOptions,
} from '../metrics/index.ts'
import type { Evaluator } from './evaluator.ts'
import { inEvaluationMode } from './in-evaluation-mode.ts'

export interface TextEvaluatorOptions<Model extends Module> {
  /** `text` unless said. */
  readonly name?: string
  readonly sources: readonly string[]
  /** One or more streams of references, `references[stream][sentence]`, each as long as the sources. */
  readonly references: readonly (readonly string[])[]
  /** Gives the model's text for each source, in order. */
  decode(model: Model, sources: readonly string[]): Promise<readonly string[]>
  readonly bleu?: BleuOptions
  readonly chrf?: ChrfOptions
  readonly exactMatch?: ExactMatchOptions
}

/**
 * Lets the model write, and measures `bleu`, `chrf` and `exactMatch`, each from 0 to 100, against references. Throws an
 * `ArgumentError` when the numbers of texts differ.
 *
 * @example
 * const evaluator = textEvaluator({ sources, references: [targets], decode: (model, sources) => translate(model, sources) })
 */
export function textEvaluator<Model extends Module>(options: TextEvaluatorOptions<Model>): Evaluator<Model> {
  const { name = 'text', sources, references } = options
  return {
    name,
    async evaluate(model) {
      const hypotheses = await inEvaluationMode(model, () => options.decode(model, sources))
      if (hypotheses.length !== sources.length) {
        throw new ArgumentError({
          operation: 'textEvaluator',
          argument: 'decode',
          got: `gave ${hypotheses.length} texts for ${sources.length} sources`,
          expected: 'one text for each source, in order',
          fix: 'Return an empty text where nothing was generated.',
        })
      }
      return {
        bleu: corpusBleu(hypotheses, references, options.bleu).score,
        chrf: corpusChrf(hypotheses, references, options.chrf).score,
        exactMatch: exactMatch(hypotheses, references, options.exactMatch).score,
      }
    },
  }
}
