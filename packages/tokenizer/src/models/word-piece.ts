import type { DocumentField } from '../document/document-field.ts'
import type { Model, ModelToken } from './model.ts'
import { readVocabulary, requireToken, TokenTable, type VocabularySource } from './vocabulary.ts'
import { WordCache } from '../word-cache.ts'

export interface WordPieceSettings {
  readonly vocabulary: VocabularySource
  /** Stands for a whole word that cannot be put together from pieces. */
  readonly unknownToken?: string
  /** Leads every piece of a word but the first. */
  readonly continuingSubwordPrefix?: string
  /** Longer words are unknown; in code points. */
  readonly maximumWordLength?: number
}

/** Longest piece first, from left to right. Source: Devlin et al. 2018; Schuster & Nakajima 2012. */
export function wordPiece(settings: WordPieceSettings): Model {
  const { unknownToken = '[UNK]', continuingSubwordPrefix = '##', maximumWordLength = 100 } = settings
  const vocabulary = new TokenTable(settings.vocabulary)
  const cache = new WordCache<readonly ModelToken[]>()

  const tokenizeWord = (word: string): readonly ModelToken[] => {
    const tokens: ModelToken[] = []
    const boundaries = codePointBoundaries(word)
    if (boundaries.length - 1 > maximumWordLength) return unknown(word)
    for (let first = 0; first < boundaries.length - 1;) {
      const start = boundaries[first]!
      const prefix = start > 0 ? continuingSubwordPrefix : ''
      let last = boundaries.length - 1
      while (last > first && vocabulary.idOf(prefix + word.slice(start, boundaries[last])) === undefined)
        last--
      if (last === first) return unknown(word)
      const token = prefix + word.slice(start, boundaries[last])
      tokens.push({ id: vocabulary.idOf(token)!, token, start, end: boundaries[last]! })
      first = last
    }
    return tokens
  }

  const unknown = (word: string): readonly ModelToken[] => [
    {
      id: requireToken(vocabulary, 'wordPiece', `'unknownToken'`, unknownToken),
      token: unknownToken,
      start: 0,
      end: word.length,
    },
  ]

  return {
    vocabulary,
    tokenize: (word) => cache.get(word, tokenizeWord),
    toJSON: () => ({
      type: 'WordPiece',
      unk_token: unknownToken,
      continuing_subword_prefix: continuingSubwordPrefix,
      max_input_chars_per_word: maximumWordLength,
      vocab: vocabulary.toJSON(),
    }),
  }
}

/** Where code points begin, and the end of the text. */
function codePointBoundaries(text: string): number[] {
  const boundaries = [0]
  for (const character of text) boundaries.push(boundaries.at(-1)! + character.length)
  return boundaries
}

export function readWordPiece(field: DocumentField): Model {
  return wordPiece({
    vocabulary: readVocabulary(field.at('vocab')),
    unknownToken: field.at('unk_token').string('[UNK]'),
    continuingSubwordPrefix: field.at('continuing_subword_prefix').string('##'),
    maximumWordLength: field.at('max_input_chars_per_word').count(100),
  })
}
