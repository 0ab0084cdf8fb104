import type { Tokenizer } from '@qkv/tokenizer'

/**
 * The text, or of one that is far too long for the model its beginning, which is too long as well: reading a pasted book to the end
 * would take seconds.
 */
export function readableBeginning(tokenizer: Tokenizer, text: string, maximumLength: number): string {
  const beginning = text.slice(0, 32 * maximumLength)
  if (beginning.length === text.length) return text
  // Twice as many: where the beginning is cut, a few tokens may be others than in the whole.
  return tokenizer.encode(beginning).ids.length > 2 * maximumLength ? beginning : text
}
