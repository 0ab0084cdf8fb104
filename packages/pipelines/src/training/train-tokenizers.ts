import type { Pair, RandomGenerator, TokenPair } from '@qkv/data'
import {
  decoders,
  type MergeDropout,
  normalizers,
  type Tokenizer,
  trainByteLevelBpe,
  trainCharacterLevel,
} from '@qkv/tokenizer'
import { encodeSource, encodeTarget, specialTokens, type Tokenizers } from '../tokens/tokenizers.ts'
import type { TokenizerPlan, TokenizerSettings } from './settings.ts'

/**
 * Trains tokenizers on the training pairs.
 *
 * @example
 * const { source, target } = trainTokenizers(pairs, { shared: true, source: settings, target: settings })
 */
export function trainTokenizers(
  pairs: readonly Pair[],
  { shared, source, target }: TokenizerPlan,
): Tokenizers {
  const sources = pairs.map((pair) => pair.source)
  const targets = pairs.map((pair) => pair.target)
  if (shared) {
    const tokenizer = trainOn([...sources, ...targets], source)
    return { source: tokenizer, target: tokenizer }
  }
  return { source: trainOn(sources, source), target: trainOn(targets, target) }
}

/** The ids of pairs, with their special tokens. */
export function encodePairs(tokenizers: Tokenizers, pairs: readonly Pair[]): readonly TokenPair[] {
  return pairs.map(({ source, target }) => ({
    source: encodeSource(tokenizers, source),
    target: encodeTarget(tokenizers, target),
  }))
}

/** Encodes a training pair anew each time it is used, where a tokenizer has dropout; absent where none has. */
export function encodeAtRandom(
  tokenizers: Tokenizers,
  pairs: readonly Pair[],
  settings: TokenizerPlan,
): ((index: number, random: RandomGenerator) => TokenPair) | undefined {
  const [sourceRate, targetRate] = [settings.source, settings.target].map(dropoutOf) as [number, number]
  if (sourceRate === 0 && targetRate === 0) return undefined
  return (index, generator) => {
    const { source, target } = pairs[index]!
    const withRate = (rate: number): MergeDropout | undefined =>
      rate === 0 ? undefined : { rate, random: () => generator.next() / 2 ** 32 }
    return {
      source: encodeSource(tokenizers, source, withRate(sourceRate)),
      target: encodeTarget(tokenizers, target, withRate(targetRate)),
    }
  }
}

function dropoutOf(settings: TokenizerSettings): number {
  return settings.type === 'byte-level-bpe' ? (settings.dropout ?? 0) : 0
}

function trainOn(texts: readonly string[], settings: TokenizerSettings): Tokenizer {
  const { type, vocabularySize } = settings
  if (type === 'byte-level-bpe') return trainWordPieces(texts, vocabularySize)
  return trainCharacterLevel(texts, { vocabularySize, specialTokens: Object.values(specialTokens) })
}

/**
 * A blank is put before each text, so that a word is the same token at its start as after a blank, as SentencePiece does.
 * Decoding takes it off again.
 */
function trainWordPieces(texts: readonly string[], vocabularySize: number): Tokenizer {
  const tokenizer = trainByteLevelBpe(texts, {
    vocabularySize,
    specialTokens: Object.values(specialTokens),
    normalizer: normalizers.prepend(' '),
  })
  const takeOff = decoders.strip({ content: ' ', start: 1, stop: 0 })
  return tokenizer.with({ decoder: decoders.sequence([decoders.byteLevel(), takeOff]) })
}
