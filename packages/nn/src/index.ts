export { type ActivationName, activations } from './feed-forward/activation.ts'
export {
  ConvolutionalFeedForward,
  type ConvolutionalFeedForwardOptions,
} from './feed-forward/convolutional.ts'
export type { FeedForward, FeedForwardKind, FeedForwardOptions } from './feed-forward/feed-forward.ts'
export { type GatedFeedForwardOptions, GatedFeedForward, type GateName } from './feed-forward/gated.ts'
export { MLP, type MLPOptions } from './feed-forward/mlp.ts'
export { createFeedForward, feedForwards } from './feed-forward/registry.ts'
export { type Initialization } from './initialization.ts'
export * from './initializers/index.ts'
export { Dropout } from './layers/dropout.ts'
export { Embedding, type EmbeddingOptions } from './layers/embedding.ts'
export { Identity } from './layers/identity.ts'
export type { Layer } from './layers/layer.ts'
export { LayerNorm, type LayerNormOptions } from './layers/layer-norm.ts'
export { Linear, type LinearOptions } from './layers/linear.ts'
export { RMSNorm, type RMSNormOptions } from './layers/rms-norm.ts'
export { Sequential } from './layers/sequential.ts'
export { Buffer } from './module/buffer.ts'
export { ModuleError } from './module/module-error.ts'
export { type ModuleValueAndGradients, moduleValueAndGrad } from './module/module-value-and-grad.ts'
export { Module } from './module/module.ts'
export { Parameter, type ParameterOptions } from './module/parameter.ts'
export { StateError } from './module/state-error.ts'
export type { LoadableArray, LoadOptions, LoadReport, StateArray } from './module/state.ts'
export { StoredTensor } from './module/stored-tensor.ts'
export { tied, Tied } from './module/tied.ts'
export { quantize, type QuantizeOptions, type QuantizeReport } from './quantization/quantize.ts'
export {
  type BlockOptions,
  QuantizedLinear,
  type QuantizedLinearOptions,
} from './quantization/quantized-linear.ts'
export type { TokenScorer } from './token-scorer.ts'
