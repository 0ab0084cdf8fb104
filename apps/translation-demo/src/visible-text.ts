/** A part of a text as it is shown. */
export interface VisiblePart {
  readonly shown: string
  /** Whether a sign stands for what has no shape of its own. */
  readonly isReplaced: boolean
}

/** Blanks, controls, marks without a base, and halves of characters: what would be invisible, or mix with what is beside it. */
const invisible = /([\p{Z}\p{C}])/u

/**
 * A text with signs for all that cannot be seen: a dot for a blank, code points for the others.
 *
 * @example
 * visibleText(' a\u0007') // '·', 'a', 'U+0007'
 */
export function visibleText(text: string): readonly VisiblePart[] {
  return text
    .split(invisible)
    .filter((part) => part !== '')
    .map((part) => {
      if (!invisible.test(part)) return { shown: part, isReplaced: false }
      return { shown: part === ' ' ? '·' : nameOf(part), isReplaced: true }
    })
}

function nameOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
}
