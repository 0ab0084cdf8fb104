import type { DocumentField } from '../document/document-field.ts'
import type { Model } from './model.ts'
import { readVocabulary, requireToken, TokenTable, type VocabularySource } from './vocabulary.ts'

export interface WordLevelSettings {
  readonly vocabulary: VocabularySource
  /** Stands for every word that is not in the vocabulary. */
  readonly unknownToken: string
}

/** One token per word. */
export function wordLevel({ vocabulary: source, unknownToken }: WordLevelSettings): Model {
  const vocabulary = new TokenTable(source)
  return {
    vocabulary,
    tokenize(word) {
      const known = vocabulary.idOf(word)
      const id = known ?? requireToken(vocabulary, 'wordLevel', `'unknownToken'`, unknownToken)
      return [{ id, token: known === undefined ? unknownToken : word, start: 0, end: word.length }]
    },
    toJSON: () => ({ type: 'WordLevel', vocab: vocabulary.toJSON(), unk_token: unknownToken }),
  }
}

export function readWordLevel(field: DocumentField): Model {
  return wordLevel({
    vocabulary: readVocabulary(field.at('vocab')),
    unknownToken: field.at('unk_token').string(),
  })
}
