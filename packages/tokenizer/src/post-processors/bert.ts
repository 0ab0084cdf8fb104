import type { DocumentField } from '../document/document-field.ts'
import type { PostProcessor } from './post-processor.ts'
import { readSpecialToken, type SpecialToken } from './special-token.ts'
import { applyTemplate, countSpecials, type TemplatePiece } from './template.ts'

export interface BertProcessingSettings {
  readonly classification: SpecialToken
  readonly separator: SpecialToken
}

const SINGLE: readonly TemplatePiece[] = [
  { special: 'classification', typeId: 0 },
  { sequence: 'A', typeId: 0 },
  { special: 'separator', typeId: 0 },
]
const PAIR: readonly TemplatePiece[] = [
  ...SINGLE,
  { sequence: 'B', typeId: 1 },
  { special: 'separator', typeId: 1 },
]

/** `[CLS] A [SEP] B [SEP]`, the second text with type 1. Source: Devlin et al. 2018. */
export function bertProcessing({ classification, separator }: BertProcessingSettings): PostProcessor {
  const specials = new Map(
    Object.entries({ classification, separator }).map(([name, { id, token }]) => [
      name,
      { ids: [id], tokens: [token] },
    ]),
  )
  return {
    addedTokens: (isPair) => countSpecials(isPair ? PAIR : SINGLE, specials),
    process: (encodings, addSpecialTokens) =>
      applyTemplate(encodings.length > 1 ? PAIR : SINGLE, specials, encodings, addSpecialTokens),
    toJSON: () => ({
      type: 'BertProcessing',
      sep: [separator.token, separator.id],
      cls: [classification.token, classification.id],
    }),
  }
}

export function readBertProcessing(field: DocumentField): PostProcessor {
  return bertProcessing({
    classification: readSpecialToken(field.at('cls')),
    separator: readSpecialToken(field.at('sep')),
  })
}
