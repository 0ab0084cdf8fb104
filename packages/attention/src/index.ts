export type { AttentionCache, CachedKeys, KeyCache, StateCache } from './caches/attention-cache.ts'
export { fixedCache } from './caches/fixed.ts'
export { createCache } from './caches/create-cache.ts'
export { fullCache } from './caches/full.ts'
export { quantizedCache, type QuantizedCacheOptions } from './caches/quantized.ts'
export { ringCache, type RingCacheOptions } from './caches/ring.ts'
export { stateCache } from './caches/state.ts'
export { attendProjections, type ProjectionsCall } from './attend-projections.ts'
export { attendByStages, attendFused, type ContextOf, maskedSoftmax } from './attend.ts'
export { compose, type Composition, type PartConfig } from './compose.ts'
export type { AttentionContext, EmbedContext, Tap, TapSite } from './context.ts'
export { CompositionError } from './errors.ts'
export { type NormPlacement, Sublayer, type SublayerOptions } from './layers/sublayer.ts'
export {
  type CrossInput,
  TransformerLayer,
  type TransformerLayerOptions,
} from './layers/transformer-layer.ts'
export { type CatalogueEntry, describePart, type PartOption } from './describe-part.ts'
export { runsFused } from './runs-fused.ts'
export { explain, type ExplainSizes, type Explanation } from './explain.ts'
export { keepTensor } from './masks/keep-tensor.ts'
export { type LoweredMask, lowerMask, type MaskSizes } from './masks/lower-mask.ts'
export { intersectMasks, type Mask, noMask } from './masks/mask.ts'
export {
  type AttentionCall,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
} from './multi-head-attention.ts'
export { chainStages, slotStages } from './part.ts'
export type {
  AttentionPart,
  BufferDeclaration,
  ChainStage,
  FusedContribution,
  ParameterDeclaration,
  PartDescription,
  PartOwner,
  PartSizes,
  Projected,
  Recurrence,
  SideSample,
  SlotStage,
  Stage,
  StageSize,
} from './part.ts'
export * from './generated/parts.ts'
export { PositionEmbedding } from './position-embedding.ts'
export type { Adjacency } from './positions/adjacency.ts'
export { bicubicWeights } from './positions/bicubic-weights.ts'
export type { Grid, GridOptions } from './positions/grid.ts'
export { laplacianEigenvectors } from './positions/laplacian-eigenvectors.ts'
export { randomWalkLandings } from './positions/random-walk-landings.ts'
export { relativeBucket, type RelativeBucketOptions } from './positions/relative-bucket.ts'
export { type RotaryTable, rotaryTable, type RotaryTableOptions } from './positions/rotary-table.ts'
export type { RotaryOptions } from './positions/rotary-part.ts'
export { rotate, type RotaryPairing } from './positions/rotate.ts'
export { type RopeScaling, scaledFrequencies } from './positions/scaling/rope-scaling.ts'
export type { RotaryModel, ScaledFrequencies } from './positions/scaling/scaling.ts'
export {
  type DivisorFormula,
  sinusoidalFrequencies,
  type SinusoidalLayout,
  type SinusoidalOptions,
  sinusoidalTable,
} from './positions/sinusoidal-table.ts'
export { repeatKeyHeads } from '@qkv/tensor'
export { builtInParts, type PartChoice, type PartFactory, resolveParts } from './resolve-parts.ts'
