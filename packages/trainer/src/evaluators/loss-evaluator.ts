import type { Module } from '@qkv/nn'
import { ArgumentError, identity } from '@qkv/tensor'
import type { TokenLoss } from '../losses/token-loss.ts'
import { perplexity } from '../metrics/index.ts'
import { yieldToEventLoop } from '../platform.ts'
import type { Evaluator } from './evaluator.ts'
import { inEvaluationMode } from './in-evaluation-mode.ts'

export interface LossEvaluatorOptions<Batch, Model extends Module> {
  /** `loss` unless said. */
  readonly name?: string
  /** The batches to measure, made anew for each evaluation, such as `() => held.epoch(0)`. */
  readonly batches: () => Iterable<Batch>
  /** Without label smoothing, or the perplexity is none. */
  lossOf(batch: Batch, model: Model): TokenLoss
}

/**
 * Measures `loss`, the mean per token in nats, and `perplexity`. Throws an `ArgumentError` when there is no batch.
 *
 * @example
 * const evaluator = lossEvaluator({ batches: () => held.epoch(0), lossOf })
 */
export function lossEvaluator<Batch, Model extends Module>(
  options: LossEvaluatorOptions<Batch, Model>,
): Evaluator<Model> {
  const { name = 'loss', batches } = options
  return {
    name,
    evaluate: (model) =>
      inEvaluationMode(model, async () => {
        let total = 0
        let tokens = 0
        for (const batch of batches()) {
          const result = detached(model, () => options.lossOf(batch, model))
          try {
            total += (await result.loss.item()) * result.tokens
          } finally {
            result.loss.dispose()
          }
          tokens += result.tokens
          await yieldToEventLoop()
        }
        if (tokens === 0) throw nothingToEvaluateError()
        return { loss: total / tokens, perplexity: perplexity(total, tokens) }
      }),
  }
}

/** The loss outside all scopes, everything else freed: a scope must not be open while something waits. */
function detached(model: Module, lossOf: () => TokenLoss): TokenLoss {
  for (const { device } of model.parameters().values()) {
    return device.scoped(() => {
      const { loss, tokens } = lossOf()
      return { loss: device.retain(identity(loss)), tokens }
    })
  }
  throw new ArgumentError({
    operation: 'lossEvaluator',
    argument: 'model',
    got: `is a ${model.constructor.name} without parameters`,
    expected: 'a model that was trained',
    fix: 'Pass the model that the trainer has.',
  })
}

function nothingToEvaluateError(): ArgumentError {
  return new ArgumentError({
    operation: 'lossEvaluator',
    argument: 'batches',
    got: 'gave no batch',
    expected: 'at least one',
    fix: 'Hold some data out, and return a new iterator at each call: a generator that has run is empty.',
  })
}
