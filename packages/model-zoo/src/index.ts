export { bertBase, type BertConfig } from './bert/config.ts'
export { fromHuggingFaceBert } from './bert/hugging-face-weights.ts'
export { Bert, type BertInput } from './bert/model.ts'
export { BertForPretraining, type BertPredictions } from './bert/pretraining.ts'
export { type Gpt2Config, gpt2Small } from './gpt2/config.ts'
export { fromHuggingFaceGpt2 } from './gpt2/hugging-face-weights.ts'
export { Gpt2 } from './gpt2/model.ts'
export { padTokens } from './pad-tokens.ts'
export {
  type AttentionSites,
  type EmbeddingSharing,
  paperVocabularySize,
  transformerBase,
  transformerBig,
  type TransformerConfig,
} from './transformer/config.ts'
export { type DecoderInput, type LayerCaches, TransformerDecoder } from './transformer/decoder.ts'
export { TransformerEncoder } from './transformer/encoder.ts'
export { type EncodedSource, Transformer } from './transformer/model.ts'
export { composeSites, type SiteCompositions } from './transformer/sites.ts'
export type { StackConfig } from './transformer/stack.ts'
export type { AttentionPlace, HiddenPlace, TransformerTap } from './transformer/tap.ts'
export { fromTorchTransformer } from './transformer/torch-weights.ts'
export { Vit } from './vit/model.ts'
export { vitBase, type VitConfig } from './vit/config.ts'
export { cutPatches } from './vit/patches.ts'
export { fromTimmVit } from './vit/timm-weights.ts'
export type { WeightArray } from './weight-array.ts'
