import type { MergeDropout, Tokenizer } from '@qkv/tokenizer'

/** The tokenizers of both languages; one and the same where they share it. */
export interface Tokenizers {
  readonly source: Tokenizer
  readonly target: Tokenizer
}

/** Every tokenizer of a translation model has them. */
export const specialTokens = { padding: '<pad>', begin: '<bos>', end: '<eos>' } as const

/** Their ids. */
export interface SpecialIds {
  readonly paddingId: number
  readonly beginId: number
  readonly endId: number
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
export function encodeSource(
  { source }: Tokenizers,
  text: string,
  dropout?: MergeDropout,
): readonly number[] {
  return [...source.encode(text, dropout && { dropout }).ids, specialIds(source).endId]
}

/** The ids of a target sentence as the decoder learns them: the begin, its tokens, and the end. */
export function encodeTarget(
  { target }: Tokenizers,
  text: string,
  dropout?: MergeDropout,
): readonly number[] {
  const { beginId, endId } = specialIds(target)
  return [beginId, ...target.encode(text, dropout && { dropout }).ids, endId]
}
