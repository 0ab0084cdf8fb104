export { MissingPartError } from './errors/missing-part-error.ts'
export { RunError } from './errors/run-error.ts'
export {
  type DownloadOptions,
  type DownloadProgress,
  modelFilesFromUrl,
} from './files/model-files-from-url.ts'
export { checkFileName, type ModelFiles, modelFileNames, modelFilesFromMemory } from './files/model-files.ts'
export { readModel, type StoredModel } from './files/read-model.ts'
export {
  type AblationChange,
  type AblationComparison,
  compareAblation,
} from './inspection/compare-ablation.ts'
export { inspectParameters, type ParameterInspection } from './inspection/inspect-parameters.ts'
export { inspectTranslation, type InspectTranslationOptions } from './inspection/inspect-translation.ts'
export type {
  AttentionInspection,
  HeadInspection,
  NextToken,
  Prediction,
  TranslationInspection,
} from './inspection/inspection.ts'
export { buildModel } from './model/build-model.ts'
export { describeModel, singlePrecision } from './model/describe-model.ts'
export type {
  GenerationSettings,
  ModelDescription,
  StoredQuantization,
  TrainingRecord,
} from './model/model-description.ts'
export { parseModelDescription } from './model/parse-model-description.ts'
export {
  restoreAttention,
  storeAttention,
  type StoredAttention,
  type StoredPart,
} from './model/stored-attention.ts'
export { describeTokenIds, describeTokens, type TokenDescription } from './tokens/describe-tokens.ts'
export { inspectSource, type SourceInspection } from './tokens/inspect-source.ts'
export {
  encodeSource,
  encodeTarget,
  type SpecialIds,
  specialIds,
  specialTokens,
  type Tokenizers,
} from './tokens/tokenizers.ts'
export type { HeadPlace } from './translation/ablation.ts'
export { nextTask } from './translation/next-task.ts'
export {
  createTranslator,
  type LoadOptions,
  loadTranslator,
  type PartialTranslation,
  type TranslateOptions,
  type Translation,
  type TranslationCandidate,
  type TranslationProgress,
  type Translator,
  type TranslatorParts,
} from './translation/translator.ts'
