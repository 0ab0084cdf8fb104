export { createEvaluator, type EvaluatorParts } from './create-evaluator.ts'
export { createTraining, type TrainerWishes, type Training, type TrainingParts } from './create-training.ts'
export { modelConfigOf } from './model-config.ts'
export { type PhraseBookChoice, phraseBookCorpus, reversePairs, splitSeed } from './phrase-book-corpus.ts'
export type {
  ByteLevelBpeSettings,
  CharacterLevelSettings,
  ModelShape,
  OptimizerConfig,
  ScheduleName,
  TokenizerPlan,
  TokenizerSettings,
  TrainerSettings,
  TrainingPlan,
} from './settings.ts'
export { encodePairs, trainTokenizers } from './train-tokenizers.ts'
export { translationLoss } from './translation-loss.ts'
