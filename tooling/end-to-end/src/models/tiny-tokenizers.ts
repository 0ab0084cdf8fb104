import { specialTokens } from '@qkv/pipelines'
import { decoders, normalizers, type Tokenizer, trainByteLevelBpe, trainCharacterLevel } from '@qkv/tokenizer'

export interface TinyTokenizers {
  readonly characters: Tokenizer
  readonly pieces: Tokenizer
}

/** Characters of some Chinese sentences, and pieces of some English ones: as the trained models have them, but few. */
export function tinyTokenizers(chinese: readonly string[], english: readonly string[]): TinyTokenizers {
  const special = Object.values(specialTokens)
  const trained = trainByteLevelBpe(english, {
    vocabularySize: 300,
    specialTokens: special,
    normalizer: normalizers.prepend(' '),
  })
  const takeOff = decoders.strip({ content: ' ', start: 1, stop: 0 })
  return {
    characters: trainCharacterLevel(chinese, {
      vocabularySize: 48,
      specialTokens: special,
      minimumFrequency: 1,
    }),
    pieces: trained.with({ decoder: decoders.sequence([decoders.byteLevel(), takeOff]) }),
  }
}
