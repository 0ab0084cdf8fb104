import type { Pair, TokenPair } from '@qkv/data'
import { decoders, normalizers, type Tokenizer, trainByteLevelBpe } from '@qkv/tokenizer'
import type { ResolvedTokenizer } from '../config/resolve-config.ts'

/** The tokenizers of both languages; one and the same where they share it. */
export interface Tokenizers {
  readonly source: Tokenizer
  readonly target: Tokenizer
}

/** Take the ids 0, 1 and 2 in every tokenizer that is trained here. */
export const specialTokens = { padding: '<pad>', begin: '<bos>', end: '<eos>' } as const

/** Their ids. */
export interface SpecialIds {
  readonly paddingId: number
  readonly beginId: number
  readonly endId: number
}

/**
 * Trains the tokenizers of a config on the training pairs.
 *
 * @example
 * const { source, target } = trainTokenizers(pairs, { shared: true, source: settings, target: settings })
 */
export function trainTokenizers(
  pairs: readonly Pair[],
  { shared, source, target }: ResolvedTokenizer,
): Tokenizers {
  const sources = pairs.map((pair) => pair.source)
  const targets = pairs.map((pair) => pair.target)
  if (shared) {
    const tokenizer = trainOn([...sources, ...targets], source.vocabularySize)
    return { source: tokenizer, target: tokenizer }
  }
  return { source: trainOn(sources, source.vocabularySize), target: trainOn(targets, target.vocabularySize) }
}

/** The special ids of a tokenizer; throws a `TokenizerError` when it lacks one. */
export function specialIds(tokenizer: Tokenizer): SpecialIds {
  return {
    paddingId: tokenizer.requireTokenId(specialTokens.padding),
    beginId: tokenizer.requireTokenId(specialTokens.begin),
    endId: tokenizer.requireTokenId(specialTokens.end),
  }
}

/** The ids of a source sentence as the encoder reads them: its tokens, and the end. */
export function encodeSource({ source }: Tokenizers, text: string): readonly number[] {
  return [...source.encode(text).ids, specialIds(source).endId]
}

/** The ids of a target sentence as the decoder learns them: the begin, its tokens, and the end. */
export function encodeTarget({ target }: Tokenizers, text: string): readonly number[] {
  const { beginId, endId } = specialIds(target)
  return [beginId, ...target.encode(text).ids, endId]
}

export function encodePairs(tokenizers: Tokenizers, pairs: readonly Pair[]): readonly TokenPair[] {
  return pairs.map(({ source, target }) => ({
    source: encodeSource(tokenizers, source),
    target: encodeTarget(tokenizers, target),
  }))
}

/**
 * A blank is put before each text, so that a word is the same token at its start as after a blank, as SentencePiece does.
 * Decoding takes it off again.
 */
function trainOn(texts: readonly string[], vocabularySize: number): Tokenizer {
  const tokenizer = trainByteLevelBpe(texts, {
    vocabularySize,
    specialTokens: Object.values(specialTokens),
    normalizer: normalizers.prepend(' '),
  })
  const takeOff = decoders.strip({ content: ' ', start: 1, stop: 0 })
  return tokenizer.with({ decoder: decoders.sequence([decoders.byteLevel(), takeOff]) })
}
