export type {
  Config,
  Direction,
  FileData,
  GenerationConfig,
  ModelConfig,
  OptimizerConfig,
  OptimizerName,
  PhraseBookData,
  Plugin,
  ScheduleName,
  TextFiles,
  TokenizerConfig,
  TokenizerSettings,
  TrainerConfig,
} from './config/config.ts'
export { defineConfig } from './config/define-config.ts'
export { loadConfig, type LoadedConfig } from './config/load-config.ts'
export { ConfigError } from './errors/config-error.ts'
export { RunError } from './errors/run-error.ts'
export { UsageError } from './errors/usage-error.ts'
export { type BackendPreset, backendPresets, openDevice, type OpenDeviceOptions } from './presets.ts'
export { quantizeModel, type QuantizedModel, type QuantizeModelOptions } from './run/quantize-model.ts'
export {
  type PreparationEvent,
  train,
  type TrainEvent,
  type TrainOptions,
  type TrainSummary,
} from './run/train.ts'
export { type LoadOptions, loadTranslator, translate } from './run/translator.ts'
export type { TranslateOptions, Translation, TranslationCandidate, Translator } from '@qkv/pipelines'
