import { quote, TokenizerError } from '../errors.ts'
import { repeatToken, withTypeId, type Encoding } from '../encoding/encoding.ts'

/** One part of a template: the first or second text, or a special token. */
export type TemplatePiece =
  | { readonly sequence: 'A' | 'B'; readonly typeId: number }
  | { readonly special: string; readonly typeId: number }

/** The tokens that a special name of a template stands for, most often just one. */
export interface SpecialPiece {
  readonly ids: readonly number[]
  readonly tokens: readonly string[]
}

/** Lays texts and special tokens out in the order of a template. */
export function applyTemplate(
  template: readonly TemplatePiece[],
  specials: ReadonlyMap<string, SpecialPiece>,
  encodings: readonly Encoding[],
  addSpecialTokens: boolean,
): Encoding[] {
  return template.flatMap((piece) => {
    if ('sequence' in piece) {
      const encoding = encodings[piece.sequence === 'A' ? 0 : 1]
      return encoding === undefined ? [] : [withTypeId(encoding, piece.typeId)]
    }
    if (!addSpecialTokens) return []
    const { ids, tokens } = requireSpecial(piece.special, specials)
    return ids.map((id, index) =>
      repeatToken({ id, token: tokens[index]!, typeId: piece.typeId, attention: 1 }, 1),
    )
  })
}

/** How many tokens a template adds. */
export function countSpecials(
  template: readonly TemplatePiece[],
  specials: ReadonlyMap<string, SpecialPiece>,
): number {
  return template.reduce(
    (sum, piece) => sum + ('special' in piece ? requireSpecial(piece.special, specials).ids.length : 0),
    0,
  )
}

export function requireSpecial(name: string, specials: ReadonlyMap<string, SpecialPiece>): SpecialPiece {
  const special = specials.get(name)
  if (special !== undefined) return special
  throw new TokenizerError({
    operation: 'templateProcessing',
    argument: 'a special token of the template',
    got: quote(name),
    expected: `one with an id: ${[...specials.keys()].join(', ') || 'none is given'}`,
    fix: `Give the id of ${quote(name)} in 'specialTokens'.`,
  })
}
