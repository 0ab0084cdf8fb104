import type { PartFactory } from '@qkv/attention'
import { createLengthBuckets, type LengthBuckets, type Pair } from '@qkv/data'
import { Transformer } from '@qkv/model-zoo'
import { type Device, RandomStream } from '@qkv/tensor'
import { type Evaluator, type Optimizer, Trainer, type TrainerOptions } from '@qkv/trainer'
import type { Tokenizers } from '../tokens/tokenizers.ts'
import { createEvaluator } from './create-evaluator.ts'
import { createOptimizer } from './create-optimizer.ts'
import { createSchedule } from './create-schedule.ts'
import { modelConfigOf } from './model-config.ts'
import type { TrainingPlan } from './settings.ts'
import { encodeAtRandom, encodePairs } from './train-tokenizers.ts'
import { translationLoss } from './translation-loss.ts'

type PositionedPairs = ReturnType<LengthBuckets['batches']> extends Iterable<infer Batch> ? Batch : never

/** What a plan is carried out with. */
export interface TrainingParts {
  readonly device: Device
  /** Of the training pairs. */
  readonly tokenizers: Tokenizers
  readonly corpus: { readonly train: readonly Pair[]; readonly validation: readonly Pair[] }
  /** Attention parts of other packages, by name. */
  readonly parts?: ReadonlyMap<string, PartFactory> | undefined
}

export interface TrainerWishes {
  readonly checkpoint?: Omit<NonNullable<TrainerOptions<PositionedPairs, Transformer>['checkpoint']>, 'every'>
  /** Takes the place of the usual evaluator, which it may call. */
  readonly evaluator?: ((usual: Evaluator<Transformer>) => Evaluator<Transformer>) | undefined
}

/** A model that is about to learn. */
export interface Training {
  readonly model: Transformer
  readonly batches: {
    readonly train: LengthBuckets
    readonly validation: LengthBuckets
    /** In tokens, of the pairs that fit the model. */
    readonly longestSource: number
  }
  /** Made once: the trainer and the optimizer belong to the model. */
  createTrainer(wishes?: TrainerWishes): Trainer<PositionedPairs, Transformer>
  /** Frees the weights and the state of the optimizer. */
  dispose(): void
}

/**
 * Makes model, batches and trainer as a plan says: the same plan and text give the same weights, bit by bit, wherever it is
 * called. Throws an `ArgumentError` or a `CompositionError` for a model that cannot be, and a `DataError` where no pair fits
 * into a batch.
 *
 * @example
 * const tokenizers = trainTokenizers(corpus.train, plan.tokenizer)
 * const training = createTraining(plan, { device, tokenizers, corpus })
 * await training.createTrainer().run()
 */
export function createTraining(
  plan: TrainingPlan,
  { device, tokenizers, corpus, parts }: TrainingParts,
): Training {
  const { trainer: settings } = plan
  const random = new RandomStream(settings.seed)
  const model = new Transformer({ device, random }, modelConfigOf(plan.model, tokenizers), parts)
  let optimizer: Optimizer | undefined
  try {
    const batches = createBatches(plan, tokenizers, corpus)
    return {
      model,
      batches,
      createTrainer(wishes = {}) {
        const created = createOptimizer(settings.optimizer, model.parameters())
        optimizer = created
        const evaluator = createEvaluator({
          batches: batches.validation,
          pairs: corpus.validation.slice(0, settings.translatedPairs),
          tokenizers,
          generation: plan.generation,
          bleuTokenizer: plan.evaluation.bleuTokenizer,
        })
        return new Trainer(trainerOptions(plan, { model, batches, random, optimizer, evaluator }, wishes))
      },
      dispose() {
        optimizer?.dispose()
        model.dispose()
      },
    }
  } catch (error) {
    model.dispose()
    throw error
  }
}

function createBatches(
  { trainer, model, tokenizer }: TrainingPlan,
  tokenizers: Tokenizers,
  corpus: TrainingParts['corpus'],
): Training['batches'] {
  const settings = {
    tokensPerBatch: trainer.tokensPerBatch,
    maximumLength: model.maximumLength,
    paddingId: modelConfigOf(model, tokenizers).paddingId,
    seed: trainer.seed,
  }
  const variantOf = encodeAtRandom(tokenizers, corpus.train, tokenizer)
  const { maximumLength } = model
  const pairs = encodePairs(tokenizers, corpus.train)
  const longestSource = pairs
    .filter(({ source, target }) => source.length <= maximumLength && target.length <= maximumLength)
    .reduce((longest, { source }) => Math.max(longest, source.length), 1)
  return {
    longestSource,
    train: createLengthBuckets(pairs, {
      ...settings,
      ...(variantOf && { variantOf }),
    }),
    validation: createLengthBuckets(encodePairs(tokenizers, corpus.validation), settings),
  }
}

interface Learner {
  readonly model: Transformer
  readonly batches: Training['batches']
  readonly random: RandomStream
  readonly optimizer: Optimizer
  readonly evaluator: Evaluator<Transformer>
}

function trainerOptions(
  { trainer: settings, model: { width } }: TrainingPlan,
  { model, batches, random, optimizer, evaluator }: Learner,
  wishes: TrainerWishes,
): TrainerOptions<PositionedPairs, Transformer> {
  const { labelSmoothing, accumulate, clipNorm, patience, length } = settings
  const steps =
    'steps' in length ? length.steps : Math.ceil((length.epochs * batches.train.batchesPerEpoch) / accumulate)
  const { checkpoint } = wishes
  return {
    model,
    optimizer,
    schedule: createSchedule(settings, { steps, width }),
    lossOf: (batch, model) => translationLoss(batch, model, { labelSmoothing }),
    batches: batches.train,
    random,
    ...length,
    accumulate,
    ...(clipNorm !== 'none' && { clipNorm }),
    evaluate: { every: settings.evaluateEvery, evaluator: wishes.evaluator?.(evaluator) ?? evaluator },
    ...(checkpoint && { checkpoint: { every: settings.checkpointEvery, ...checkpoint } }),
    earlyStopping: { metric: settings.best, patience: patience === 'none' ? Infinity : patience },
  }
}
