import type { DocumentField } from '../document/document-field.ts'
import {
  applyTemplate,
  countSpecials,
  requireSpecial,
  type SpecialPiece,
  type TemplatePiece,
} from './template.ts'
import type { PostProcessor } from './post-processor.ts'

export interface TemplateProcessingSettings {
  /** Such as `['<bos>', '$A', '<eos>']`; `:1` behind a piece gives its type. */
  readonly single: readonly string[]
  /** Such as `['<bos>', '$A', '<eos>', '$B:1', '<eos>:1']`. */
  readonly pair?: readonly string[]
  /** The id of each special token that the templates name. */
  readonly specialTokens: Readonly<Record<string, number>>
}

/** Lays out texts and special tokens by templates; throws where a template names a special token without an id. */
export function templateProcessing(settings: TemplateProcessingSettings): PostProcessor {
  const specials = Object.entries(settings.specialTokens).map(
    ([token, id]): readonly [string, SpecialPiece] => [token, { ids: [id], tokens: [token] }],
  )
  const pair = settings.pair ?? ['$A', '$B:1']
  return templates(settings.single.map(parsePiece), pair.map(parsePiece), new Map(specials))
}

function parsePiece(text: string): TemplatePiece {
  const [, name, type] = /^(.*?)(?::(\d+))?$/su.exec(text)!
  const typeId = Number(type ?? 0)
  if (name === '$A' || name === '$B') return { sequence: name === '$A' ? 'A' : 'B', typeId }
  return { special: name!, typeId }
}

function templates(
  single: readonly TemplatePiece[],
  pair: readonly TemplatePiece[],
  specials: ReadonlyMap<string, SpecialPiece>,
): PostProcessor {
  for (const piece of [...single, ...pair]) if ('special' in piece) requireSpecial(piece.special, specials)
  return {
    addedTokens: (isPair) => countSpecials(isPair ? pair : single, specials),
    process: (encodings, addSpecialTokens) =>
      applyTemplate(encodings.length > 1 ? pair : single, specials, encodings, addSpecialTokens),
    toJSON: () => ({
      type: 'TemplateProcessing',
      single: single.map(writePiece),
      pair: pair.map(writePiece),
      special_tokens: Object.fromEntries(
        [...specials].map(([id, { ids, tokens }]) => [id, { id, ids, tokens }]),
      ),
    }),
  }
}

function writePiece(piece: TemplatePiece): Record<string, unknown> {
  return 'sequence' in piece
    ? { Sequence: { id: piece.sequence, type_id: piece.typeId } }
    : { SpecialToken: { id: piece.special, type_id: piece.typeId } }
}

export function readTemplateProcessing(field: DocumentField): PostProcessor {
  const specials = field.at('special_tokens')
  const names = specials.isAbsent ? [] : Object.keys(specials.record())
  return templates(
    field.at('single').list().map(readPiece),
    field.at('pair').list().map(readPiece),
    new Map(
      names.map((name) => {
        const special = specials.at(name)
        return [
          name,
          {
            ids: special
              .at('ids')
              .list()
              .map((id) => id.count()),
            tokens: special
              .at('tokens')
              .list()
              .map((token) => token.string()),
          },
        ]
      }),
    ),
  )
}

function readPiece(field: DocumentField): TemplatePiece {
  const sequence = field.at('Sequence')
  if (!sequence.isAbsent) {
    return { sequence: sequence.at('id').oneOf(['A', 'B']), typeId: sequence.at('type_id').count(0) }
  }
  const special = field.at('SpecialToken')
  return { special: special.at('id').string(), typeId: special.at('type_id').count(0) }
}
