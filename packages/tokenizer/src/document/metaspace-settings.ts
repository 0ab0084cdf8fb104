import type { DocumentField } from './document-field.ts'

const PREPEND_SCHEMES = ['always', 'first', 'never'] as const
type PrependScheme = (typeof PREPEND_SCHEMES)[number]

export interface MetaspaceSettings {
  /** What stands for a blank. */
  readonly replacement?: string
  /** Where a missing blank is put in front: of every piece of text, of the first only, or nowhere. */
  readonly prependScheme?: PrependScheme
  /** Split before each replacement. */
  readonly split?: boolean
}

/** Reads what the pre-tokenizer and the decoder share; old documents say `add_prefix_space` for the scheme. */
export function readMetaspaceSettings(field: DocumentField): Required<MetaspaceSettings> {
  const legacy = field.at('add_prefix_space').boolean(true) ? 'always' : 'never'
  return {
    replacement: field.at('replacement').string('▁'),
    prependScheme: field.at('prepend_scheme').oneOf(PREPEND_SCHEMES, legacy),
    split: field.at('split').boolean(true),
  }
}
