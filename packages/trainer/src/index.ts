export { combineEvaluators } from './evaluators/combine-evaluators.ts'
export type { Evaluator } from './evaluators/evaluator.ts'
export { inEvaluationMode } from './evaluators/in-evaluation-mode.ts'
export { lossEvaluator, type LossEvaluatorOptions } from './evaluators/loss-evaluator.ts'
export { textEvaluator, type TextEvaluatorOptions } from './evaluators/text-evaluator.ts'
export { clipFactor } from './gradients/clip-factor.ts'
export { globalNorm } from './gradients/global-norm.ts'
export { GradientSum } from './gradients/gradient-sum.ts'
export type { CheckpointStore, Snapshot, StoredSnapshot } from './loop/checkpoint-store.ts'
export { type Divergence, DivergenceError } from './loop/divergence-error.ts'
export type { EarlyStopping, Goal } from './loop/early-stopping.ts'
export type {
  CheckpointEvent,
  EvaluationEvent,
  EventOf,
  EventType,
  ImprovedEvent,
  Listener,
  StartEvent,
  StepEvent,
  StoppedEvent,
  StopReason,
  TrainerEvent,
} from './loop/events.ts'
export type { PositionedBatch, TrainerOptions, TrainingBatches } from './loop/trainer-options.ts'
export { Trainer, type TrainingResult } from './loop/trainer.ts'
export type { Best, DataPosition, TrainingState } from './loop/training-state.ts'
export { type TargetIds, tokenLoss, type TokenLoss } from './losses/token-loss.ts'
export * from './metrics/index.ts'
export { AdamW, type AdamWOptions } from './optimizers/adam-w.ts'
export { Adam, type AdamL2Options } from './optimizers/adam.ts'
export type { AdamOptions } from './optimizers/adam-moments.ts'
export { Lion, type LionOptions } from './optimizers/lion.ts'
export {
  decayMatrices,
  type DecayRule,
  type Optimizer,
  type OptimizerState,
  type StoredOptimizerState,
  type WeightDecayOptions,
} from './optimizers/optimizer.ts'
export { SGD, type SGDOptions } from './optimizers/sgd.ts'
export { duration, progressLine } from './records/progress-line.ts'
export { jsonLine } from './records/json-line.ts'
export * as schedules from './schedules/index.ts'
export type { Schedule } from './schedules/schedule.ts'
