import type { DocumentField } from '../document/document-field.ts'
import type { BertProcessingSettings } from './bert.ts'
import type { PostProcessor } from './post-processor.ts'
import { readSpecialToken } from './special-token.ts'
import { applyTemplate, countSpecials, type TemplatePiece } from './template.ts'
import { trimOffsets } from './trim-offsets.ts'

export interface RobertaProcessingSettings extends BertProcessingSettings {
  /** Leave the blanks out of the offsets. */
  readonly trimOffsets?: boolean
  /** Whether the pre-tokenizer put a blank in front of the text. */
  readonly addPrefixSpace?: boolean
}

const SINGLE: readonly TemplatePiece[] = [
  { special: 'classification', typeId: 0 },
  { sequence: 'A', typeId: 0 },
  { special: 'separator', typeId: 0 },
]
const PAIR: readonly TemplatePiece[] = [
  ...SINGLE,
  { special: 'separator', typeId: 0 },
  { sequence: 'B', typeId: 0 },
  { special: 'separator', typeId: 0 },
]

/** `<s> A </s> </s> B </s>`, all of type 0. Source: Liu et al. 2019. */
export function robertaProcessing(settings: RobertaProcessingSettings): PostProcessor {
  const { classification, separator, trimOffsets: trims = true, addPrefixSpace = true } = settings
  const specials = new Map([
    ['classification', { ids: [classification.id], tokens: [classification.token] }],
    ['separator', { ids: [separator.id], tokens: [separator.token] }],
  ])
  return {
    addedTokens: (isPair) => countSpecials(isPair ? PAIR : SINGLE, specials),
    process(encodings, addSpecialTokens) {
      const trimmed = trims ? encodings.map((one) => trimOffsets(one, addPrefixSpace)) : encodings
      return applyTemplate(encodings.length > 1 ? PAIR : SINGLE, specials, trimmed, addSpecialTokens)
    },
    toJSON: () => ({
      type: 'RobertaProcessing',
      sep: [separator.token, separator.id],
      cls: [classification.token, classification.id],
      trim_offsets: trims,
      add_prefix_space: addPrefixSpace,
    }),
  }
}

export function readRobertaProcessing(field: DocumentField): PostProcessor {
  return robertaProcessing({
    classification: readSpecialToken(field.at('cls')),
    separator: readSpecialToken(field.at('sep')),
    trimOffsets: field.at('trim_offsets').boolean(true),
    addPrefixSpace: field.at('add_prefix_space').boolean(true),
  })
}
