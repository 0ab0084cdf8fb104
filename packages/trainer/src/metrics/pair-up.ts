import { ArgumentError } from '@qkv/tensor'

/** One output of a model with the texts it is compared with: at least one. */
export interface ScoredPair {
  readonly hypothesis: string
  readonly references: readonly string[]
}

/**
 * Puts each hypothesis beside its references. Empty references are left out, as in sacreBLEU: a corpus may have more
 * references for some sentences than for others.
 *
 * @throws ArgumentError if there is nothing to compare, or the lists do not fit.
 */
export function pairUp(
  operation: string,
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
): ScoredPair[] {
  if (hypotheses.length === 0) {
    throw new ArgumentError({
      operation,
      argument: 'hypotheses',
      got: 'is empty',
      expected: 'at least one text',
      fix: 'Pass the outputs of the model.',
    })
  }
  for (const [stream, texts] of references.entries()) {
    if (texts.length === hypotheses.length) continue
    throw new ArgumentError({
      operation,
      argument: `references[${stream}]`,
      got: `has ${texts.length} texts`,
      expected: `${hypotheses.length}, one per hypothesis`,
      fix: 'Pass a list of streams: references[stream][sentence].',
    })
  }
  return hypotheses.map((hypothesis, sentence) => {
    const usable = references.map((texts) => texts[sentence] ?? '').filter((text) => text !== '')
    if (usable.length > 0) return { hypothesis, references: usable }
    throw new ArgumentError({
      operation,
      argument: 'references',
      got: `has nothing for sentence ${sentence}`,
      expected: 'a reference that is not empty for each hypothesis',
      fix: 'Leave the sentence out, or give it a reference.',
    })
  })
}
