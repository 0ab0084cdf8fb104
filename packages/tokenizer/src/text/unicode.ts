/** White space as Unicode defines it; JavaScript's `\s` counts U+FEFF and leaves out U+0085. */
export const WHITE_SPACE: RegExp = /^\p{White_Space}$/u

/** What `\w` means in Unicode (UTS 18): JavaScript's own covers ASCII only. */
export const WORD_CLASS: string = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`

/** Punctuation as tokenizers count it: Unicode's, and every ASCII sign, `$` and `+` included. */
export const PUNCTUATION: RegExp = /[\p{P}!-/:-@[-`{-~]/gu

const LONE_SURROGATE = /\p{Surrogate}/gu

/** Replaces each lone surrogate by U+FFFD, which has the same length, so that offsets stay. */
export function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, '\uFFFD')
}
