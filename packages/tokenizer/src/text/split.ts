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

interface Span {
  readonly from: number
  readonly to: number
  readonly isDelimiter: boolean
}

/** Splits a piece at the matches of a global pattern; `invert` makes what lies between the matches the delimiters. */
export function splitPiece(
  piece: AlignedText,
  pattern: RegExp,
  behavior: SplitBehavior,
  invert = false,
): AlignedText[] {
  const spans = findSpans(piece.text, pattern, invert)
  if (behavior === 'Removed') {
    return spans.filter(({ isDelimiter }) => !isDelimiter).map(({ from, to }) => piece.slice(from, to))
  }
  const pieces: { from: number; to: number }[] = []
  let previous: Span | undefined
  for (const span of spans) {
    if (previous !== undefined && joins(previous, span, behavior)) pieces.at(-1)!.to = span.to
    else pieces.push({ from: span.from, to: span.to })
    previous = span
  }
  return pieces.map(({ from, to }) => piece.slice(from, to))
}

function joins(previous: Span, span: Span, behavior: SplitBehavior): boolean {
  if (behavior === 'Contiguous') return previous.isDelimiter === span.isDelimiter
  if (behavior === 'MergedWithPrevious') return span.isDelimiter && !previous.isDelimiter
  if (behavior === 'MergedWithNext') return previous.isDelimiter && !span.isDelimiter
  return false
}

/** Cuts the text into matches and what lies between them, in order and without empty spans. */
function findSpans(text: string, pattern: RegExp, invert: boolean): Span[] {
  const spans: Span[] = []
  let end = 0
  for (const match of text.matchAll(pattern)) {
    const { index } = match
    const to = index + match[0].length
    if (to === index) continue
    if (index > end) spans.push({ from: end, to: index, isDelimiter: invert })
    spans.push({ from: index, to, isDelimiter: !invert })
    end = to
  }
  if (end < text.length) spans.push({ from: end, to: text.length, isDelimiter: invert })
  return spans
}
