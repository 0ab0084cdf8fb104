import type { DocumentField } from '../document/document-field.ts'
import { splitPiece } from '../text/split.ts'
import type { PreTokenizer } from './pre-tokenizer.ts'

const NUMBER = /\p{N}/gu

/** Parts numbers from the rest: each run of digits, or each digit alone. */
export function digits({ individual = false }: { readonly individual?: boolean } = {}): PreTokenizer {
  return {
    preTokenize: (text) => splitPiece(text, NUMBER, individual ? 'Isolated' : 'Contiguous'),
    toJSON: () => ({ type: 'Digits', individual_digits: individual }),
  }
}

export function readDigits(field: DocumentField): PreTokenizer {
  return digits({ individual: field.at('individual_digits').boolean(false) })
}
