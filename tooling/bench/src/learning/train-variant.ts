import { createCpuBackend } from '@qkv/backend-cpu'
import type { Composition } from '@qkv/attention'
import { peakBytes } from '@qkv/instruments'
import { moduleValueAndGrad } from '@qkv/nn'
import { argmax, Device, RandomStream, slice, type Tensor } from '@qkv/tensor'
import {
  AdamW,
  DivergenceError,
  schedules,
  tokenLoss,
  type TokenLoss,
  Trainer,
  type TrainingBatches,
} from '@qkv/trainer'
import { quantile } from 'qkv/bench'
import { LanguageModel } from './language-model.ts'
import type { Task, TaskBatch } from './task.ts'

export interface TrainingBudget {
  readonly steps: number
  readonly seed: number
}

/** What a model has learned, and what it took. */
export interface Learned {
  /** On held-out rows: mean cross entropy per scored token, in nats. */
  readonly loss: number
  /** Share of the scored tokens that were guessed right. */
  readonly accuracy: number
  readonly parameters: number
  /** Processor time of a step, which other work on the machine changes less than the clock's: batch, forward, backward and AdamW; the median. */
  readonly milliseconds: number
  /** The most bytes of tensors that are alive at one time in a step, weights and optimizer included. */
  readonly peakBytes: number
}

/** What came of a training; the step at which it diverged where it did. */
export type Outcome = Learned | { readonly divergedAt: number }

const learningRate = 3e-3
const longestWarmUp = 50

/** Trains one composition on one task, on one thread. */
export async function trainVariant(
  task: Task,
  composition: Composition,
  { steps, seed }: TrainingBudget,
): Promise<Outcome> {
  const device = new Device(createCpuBackend({ threads: 1 }))
  try {
    const model = new LanguageModel({ device, random: new RandomStream(seed) }, task, composition)
    const optimizer = new AdamW(model.parameters())
    const times: number[] = []
    let last = process.cpuUsage()
    const trainer = new Trainer({
      model,
      optimizer,
      schedule: schedules.cosine({
        learningRate,
        warmup: Math.min(longestWarmUp, Math.floor(steps / 10)),
        steps,
      }),
      lossOf: (batch, trained) => lossOf(task, batch, trained),
      batches: batchesOf(task, steps),
      random: new RandomStream(seed + 1),
      steps,
      clipNorm: 1,
    })
    trainer.on('step', () => {
      const { user, system } = process.cpuUsage(last)
      times.push((user + system) / 1000)
      last = process.cpuUsage()
    })
    await trainer.run()
    const peak = peakBytes(device, () => {
      moduleValueAndGrad(model, () => lossOf(task, task.batch(0), model).loss)
    })
    model.evaluate()
    return {
      ...evaluate(task, model),
      parameters: model.parameterCount(),
      milliseconds: quantile(times, 0.5),
      peakBytes: peak,
    }
  } catch (error) {
    if (error instanceof DivergenceError) return { divergedAt: error.step }
    throw error
  } finally {
    await device.dispose()
  }
}

function batchesOf(task: Task, batchesPerEpoch: number): TrainingBatches<TaskBatch> {
  return {
    batchesPerEpoch,
    *batches({ batch }) {
      for (let index = batch; ; index++) yield { ...task.batch(index), next: { epoch: 0, batch: index + 1 } }
    },
  }
}

function scoresOf({ length, scoredFrom }: Task, { tokens, rows }: TaskBatch, model: LanguageModel): Tensor {
  const { device } = model.output.weight
  const logits = model.forward(device.tensor(tokens, { shape: [rows, length] }))
  return slice(logits, [{}, { start: scoredFrom }])
}

function lossOfScores(scores: Tensor, { targets }: TaskBatch): TokenLoss {
  return tokenLoss(scores, { ids: targets, shape: scores.shape.slice(0, 2) }, { paddingId: null })
}

function lossOf(task: Task, batch: TaskBatch, model: LanguageModel): TokenLoss {
  return lossOfScores(scoresOf(task, batch, model), batch)
}

function evaluate(task: Task, model: LanguageModel): { loss: number; accuracy: number } {
  const { device } = model.output.weight
  let loss = 0
  let right = 0
  let tokens = 0
  for (const batch of task.heldOut) {
    device.scoped(() => {
      const scores = scoresOf(task, batch, model)
      const mean = lossOfScores(scores, batch)
      loss += mean.loss.readSync()[0]! * mean.tokens
      const guesses = argmax(scores, { axis: -1 }).readSync()
      right += batch.targets.reduce((count, target, index) => count + Number(guesses[index] === target), 0)
      tokens += batch.targets.length
    })
  }
  return { loss: loss / tokens, accuracy: right / tokens }
}
