import type { Translator } from '../translation/translator.ts'
import { describeTokens, type TokenDescription } from './describe-tokens.ts'
import { readableBeginning } from './readable-beginning.ts'

/** What a model makes of a text before it translates it. */
export interface SourceInspection {
  /** Of a text that is far too long, those of its beginning; what follows then tells of them too. */
  readonly tokens: readonly TokenDescription[]
  /** Tokens that the encoder reads, the end included. */
  readonly length: number
  /** The most that it can read. */
  readonly maximumLength: number
  readonly tooLong: boolean
  /** The most that it read in training, where that was recorded. */
  readonly longestTrained?: number | undefined
  /** Whether it is longer than anything in training: the translation may break off or repeat itself. */
  readonly longerThanTrained: boolean
  /** Characters that the vocabulary lacks: the model does not see which they are. */
  readonly unknown: readonly string[]
  /** Characters that are no token but several: they were rare in training, or not there. */
  readonly split: readonly string[]
}

/**
 * The tokens of a source text, and what is strange about it for the model: its length, and characters that it knows badly or
 * not at all.
 *
 * @example
 * const { longerThanTrained, unknown } = inspectSource(translator, '机器学习')
 */
export function inspectSource(
  { model, tokenizers, training }: Pick<Translator, 'model' | 'tokenizers' | 'training'>,
  text: string,
): SourceInspection {
  const { maximumLength } = model.config
  const tokens = describeTokens(tokenizers.source, readableBeginning(tokenizers.source, text, maximumLength))
  const length = tokens.length + 1
  const longestTrained = training?.longestSource
  const unknown = tokens.filter(({ kind }) => kind === 'unknown')
  const split = tokens.filter(({ bytes }) => bytes !== undefined)
  return {
    tokens,
    length,
    maximumLength,
    tooLong: length > maximumLength,
    longestTrained,
    longerThanTrained: longestTrained !== undefined && length > longestTrained,
    unknown: distinctTexts(unknown),
    split: distinctTexts(split),
  }
}

function distinctTexts(tokens: readonly TokenDescription[]): readonly string[] {
  return [...new Set(tokens.map(({ text }) => text))]
}
