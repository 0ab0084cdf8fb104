import type { Module } from '@qkv/nn'
import { clipFactor } from '../gradients/clip-factor.ts'
import { GradientSum } from '../gradients/gradient-sum.ts'
import { DivergenceError } from './divergence-error.ts'
import type { PositionedBatch, TrainerOptions } from './trainer-options.ts'
import type { DataPosition } from './training-state.ts'

export type BatchIterator<Batch> = Iterator<PositionedBatch<Batch>> | AsyncIterator<PositionedBatch<Batch>>

/** Where a step begins. */
export interface StepStart {
  /** Counted from 0. */
  readonly step: number
  readonly position: DataPosition
  /** Of the step before, where it is known. */
  readonly gradientNorm: number | undefined
}

/** What a step has brought. */
export interface StepOutcome {
  /** Mean per token, in nats, before the step. */
  readonly loss: number
  readonly learningRate: number
  /** Before clipping. */
  readonly gradientNorm: number
  readonly tokens: number
  /** Where the data go on. */
  readonly position: DataPosition
}

/**
 * Makes one step; `undefined` when there are no batches left. When it throws, weights, optimizer and random stream are
 * those from before, and no tensor stays.
 */
export async function makeStep<Batch, Model extends Module>(
  options: TrainerOptions<Batch, Model>,
  batches: BatchIterator<Batch>,
  start: StepStart,
): Promise<StepOutcome | undefined> {
  const { model, optimizer, schedule, random, clipNorm } = options
  const randomBefore = random.state
  const sum = new GradientSum(model)
  try {
    const position = await addBatches(sum, options, batches, start.position)
    if (sum.tokens === 0) return undefined
    const learningRate = schedule(start.step)
    const { loss, norm: gradientNorm } = await sum.read()
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      const { gradientNorm: gradientNormBefore, ...where } = start
      throw new DivergenceError({ ...where, loss, gradientNorm, learningRate, gradientNormBefore })
    }
    sum.scale(clipNorm === undefined ? 1 : clipFactor(gradientNorm, clipNorm))
    optimizer.step(sum.gradients, learningRate)
    return { loss, learningRate, gradientNorm, tokens: sum.tokens, position }
  } catch (error) {
    random.state = randomBefore
    throw error
  } finally {
    sum.dispose()
  }
}

/** Adds the batches of one step, fewer at the end of the data, and gives the position after them. */
async function addBatches<Batch, Model extends Module>(
  sum: GradientSum,
  options: TrainerOptions<Batch, Model>,
  batches: BatchIterator<Batch>,
  position: DataPosition,
): Promise<DataPosition> {
  const { model, accumulate = 1, epochs = Infinity } = options
  let after = position
  for (let count = 0; count < accumulate && after.epoch < epochs; count++) {
    const result = await batches.next()
    if (result.done) break
    const batch = result.value
    sum.add(() => options.lossOf(batch, model))
    after = batch.next
  }
  return after
}
