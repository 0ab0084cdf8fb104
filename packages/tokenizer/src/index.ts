export type { AddedToken } from './added-tokens.ts'
export * as decoders from './decoders/index.ts'
export type { Encoding } from './encoding/encoding.ts'
export type { PaddingOptions } from './encoding/padding.ts'
export type { TruncationOptions } from './encoding/truncation.ts'
export { TokenizerError, type TokenizerErrorParts } from './errors.ts'
export * as models from './models/index.ts'
export type { MergeDropout } from './models/model.ts'
export * as normalizers from './normalizers/index.ts'
export * as postProcessors from './post-processors/index.ts'
export * as preTokenizers from './pre-tokenizers/index.ts'
export type { StreamDecoder } from './stream-decoder.ts'
export type { StageDocument } from './document/stage.ts'
export { AlignedText } from './text/aligned-text.ts'
export { bytesOfToken } from './text/byte-alphabet.ts'
export {
  Tokenizer,
  type DecodeOptions,
  type EncodeOptions,
  type TokenizerInput,
  type TokenizerStages,
} from './tokenizer.ts'
export { trainBpe, type BpeTrainingOptions, type TrainedBpe } from './trainers/bpe.ts'
export { trainCharacterLevel, type CharacterLevelTrainingOptions } from './trainers/character-level.ts'
export { trainByteLevelBpe, type ByteLevelBpeTrainingOptions } from './trainers/byte-level-bpe.ts'
