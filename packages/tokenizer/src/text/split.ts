import type { AlignedText } from './aligned-text.ts'

/** What happens to the matches of a splitting pattern; the names are those of tokenizer.json. */
export const SPLIT_BEHAVIORS = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const
export type SplitBehavior = (typeof SPLIT_BEHAVIORS)[number]

/** Splits a piece at the matches of a global pattern; `invert` makes what lies between the matches the delimiters. */
export function splitPiece(
  piece: AlignedText,
  pattern: RegExp,
  behavior: SplitBehavior,
  invert = false,
): AlignedText[] {
  const pieces: AlignedText[] = []
  let from = 0
  let to = 0
  let wasDelimiter: boolean | undefined
  const finish = (): void => {
    if (to > from && !(behavior === 'Removed' && wasDelimiter === true)) pieces.push(piece.slice(from, to))
    from = to
  }
  const add = (end: number, isDelimiter: boolean): void => {
    if (end === to) return
    if (wasDelimiter === undefined || !joins(wasDelimiter, isDelimiter, behavior)) finish()
    to = end
    wasDelimiter = isDelimiter
  }
  for (const match of piece.text.matchAll(pattern)) {
    if (match[0] === '') continue
    add(match.index, invert)
    add(match.index + match[0].length, !invert)
  }
  add(piece.length, invert)
  finish()
  return pieces
}

/** Whether a stretch of text belongs to the piece of the stretch before it. */
function joins(wasDelimiter: boolean, isDelimiter: boolean, behavior: SplitBehavior): boolean {
  if (behavior === 'Contiguous') return wasDelimiter === isDelimiter
  if (behavior === 'MergedWithPrevious') return isDelimiter && !wasDelimiter
  if (behavior === 'MergedWithNext') return wasDelimiter && !isDelimiter
  return false
}
