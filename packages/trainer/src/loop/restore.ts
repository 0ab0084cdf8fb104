import type { Module } from '@qkv/nn'
import { ArgumentError } from '@qkv/tensor'
import type { StoredSnapshot } from './checkpoint-store.ts'
import type { TrainerOptions } from './trainer-options.ts'
import { checkTrainingState, type Progress } from './training-state.ts'

/** What a trainer takes up from a snapshot, besides what is loaded into its parts. */
export interface Restored {
  readonly progress: Progress
  /** Number of the next event. */
  readonly sequence: number
  /** Sentences about settings that differ. */
  readonly warnings: readonly string[]
}

/** Loads a snapshot into model, optimizer and random stream; throws, before anything is loaded, when its state is not ours. */
export function restore<Batch, Model extends Module>(
  { arrays, state }: StoredSnapshot,
  options: TrainerOptions<Batch, Model>,
): Restored {
  const { version: _, random, optimizer, learningRate, sequence, ...progress } = checkTrainingState(state)
  if (optimizer.name !== options.optimizer.name) {
    throw otherOptimizerError(optimizer.name, options.optimizer.name)
  }
  options.model.loadState(arrays.weights)
  options.optimizer.loadState({ arrays: arrays.optimizer, values: optimizer.values })
  options.random.state = random

  const warnings: string[] = []
  const planned = options.schedule(progress.step)
  if (planned !== learningRate) {
    warnings.push(
      `The schedule has changed: it gives the learning rate ${planned} for step ${progress.step}, where it gave ${learningRate} when the checkpoint was written.`,
    )
  }
  const metric = options.earlyStopping?.metric
  if (progress.best === null || progress.best.metric === metric) return { progress, sequence, warnings }
  warnings.push(
    `The best '${progress.best.metric}' so far is forgotten: the metric is ${metric === undefined ? 'none' : `'${metric}'`} now.`,
  )
  return { progress: { ...progress, best: null, withoutImprovement: 0 }, sequence, warnings }
}

function otherOptimizerError(stored: string, given: string): ArgumentError {
  return new ArgumentError({
    operation: 'Trainer.resume',
    argument: 'optimizer',
    got: `is '${given}'`,
    expected: `'${stored}', which wrote the checkpoint`,
    fix: 'Use the same optimizer, or start a new training from the weights alone.',
  })
}
