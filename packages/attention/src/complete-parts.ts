import type { AttentionPart } from './part.ts'
import { scaledDot } from './parts/score/scaled-dot.ts'

/** A part with what it needs to run alone: the score of `scaled-dot` if it brings none. */
export function completeParts(part: AttentionPart): readonly AttentionPart[] {
  return part.score || part.mix ? [part] : [scaledDot(), part]
}
