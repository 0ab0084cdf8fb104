import { splitWords } from '../white-space.ts'

/**
 * Sets ASCII punctuation apart, but keeps `1,000`, `3.5`, `don't` and `well-known` whole.
 * Source: mteval-v13a.pl, the part for western languages, as in sacreBLEU
 */
export function splitPunctuation(text: string): string[] {
  const spaced = text
    .replaceAll(/[{-~[-` -&(-+:-@/]/gu, ' $& ')
    // A period or comma that no digit precedes, then one that no digit follows.
    .replaceAll(/([^0-9])([.,])/gu, '$1 $2 ')
    .replaceAll(/([.,])([^0-9])/gu, ' $1 $2')
    .replaceAll(/([0-9])(-)/gu, '$1 $2 ')
  return splitWords(spaced)
}
