import type { Module } from '@qkv/nn'
import { ArgumentError, type RandomStream } from '@qkv/tensor'
import { checkWholeNumber } from '../check-settings.ts'
import type { Evaluator } from '../evaluators/evaluator.ts'
import type { TokenLoss } from '../losses/token-loss.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import type { Schedule } from '../schedules/index.ts'
import type { CheckpointStore } from './checkpoint-store.ts'
import type { DataPosition } from './training-state.ts'
import { checkEarlyStopping, type EarlyStopping } from './early-stopping.ts'

/** Batches that can be taken up again anywhere: a `BatchSource` of `@qkv/data` is one. */
export interface TrainingBatches<Batch> {
  readonly batchesPerEpoch: number
  /** From a position on, epoch after epoch; the same position gives the same batches. */
  batches(position: DataPosition): Iterable<PositionedBatch<Batch>> | AsyncIterable<PositionedBatch<Batch>>
}

/** A batch, and the position of the one after it. */
export type PositionedBatch<Batch> = Batch & { readonly next: DataPosition }

export interface TrainerOptions<Batch, Model extends Module> {
  readonly model: Model
  /** Made from the parameters of the model. */
  readonly optimizer: Optimizer
  readonly schedule: Schedule
  /** The mean loss per token, and of how many tokens. Called in training mode, where dropout draws from `random`. */
  lossOf(batch: Batch, model: Model): TokenLoss
  readonly batches: TrainingBatches<Batch>
  readonly random: RandomStream
  /** After how many steps to end; either this or `epochs`. */
  readonly steps?: number
  /** After how many passes over the data to end. */
  readonly epochs?: number
  /** How many batches make a step, each counting by its tokens; 1 unless said. */
  readonly accumulate?: number
  /** The largest norm that the gradients together may have; not clipped unless said. */
  readonly clipNorm?: number
  /** Measured every so many steps, and after the last one. */
  readonly evaluate?: { readonly every: number; readonly evaluator: Evaluator<Model> }
  readonly checkpoint?: {
    /** In steps; one more is written at the end. */
    readonly every: number
    readonly store: CheckpointStore
    /** Where the best snapshot goes, by the metric of `earlyStopping`. */
    readonly best?: CheckpointStore
  }
  readonly earlyStopping?: EarlyStopping
}

/** Throws an `ArgumentError` for settings that contradict each other or are out of range. */
export function checkTrainerOptions<Batch, Model extends Module>(
  options: TrainerOptions<Batch, Model>,
): void {
  const { steps, epochs, accumulate, clipNorm, evaluate, checkpoint, earlyStopping, batches } = options
  if ((steps === undefined) === (epochs === undefined)) {
    throw new ArgumentError({
      operation: 'Trainer',
      argument: 'steps',
      got: steps === undefined ? 'is missing, as is `epochs`' : 'is given besides `epochs`',
      expected: 'either `steps` or `epochs`',
      fix: 'Say when the training ends, in one of the two.',
    })
  }
  if (steps !== undefined) checkWholeNumber('Trainer', 'steps', steps, 1)
  if (epochs !== undefined) checkWholeNumber('Trainer', 'epochs', epochs, 1)
  if (accumulate !== undefined) checkWholeNumber('Trainer', 'accumulate', accumulate, 1)
  checkWholeNumber('Trainer', 'batches.batchesPerEpoch', batches.batchesPerEpoch, 1)
  if (evaluate) checkWholeNumber('Trainer', 'evaluate.every', evaluate.every, 1)
  if (checkpoint) checkWholeNumber('Trainer', 'checkpoint.every', checkpoint.every, 1)
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new ArgumentError({
      operation: 'Trainer',
      argument: 'clipNorm',
      got: `is ${clipNorm}`,
      expected: 'a number above 0',
      fix: 'Use 1, or leave it out.',
    })
  }
  if (earlyStopping) {
    checkEarlyStopping(earlyStopping)
    if (!evaluate) throw missingError('evaluate', 'earlyStopping', 'measures its metric')
  }
  if (checkpoint?.best && !earlyStopping) {
    throw missingError(
      'earlyStopping',
      'checkpoint.best',
      'says which metric decides (`patience: Infinity` never stops)',
    )
  }
}

function missingError(argument: string, because: string, role: string): ArgumentError {
  return new ArgumentError({
    operation: 'Trainer',
    argument,
    got: `is missing, with \`${because}\` given`,
    expected: `\`${argument}\`, which ${role}`,
    fix: `Add it, or leave \`${because}\` out.`,
  })
}
