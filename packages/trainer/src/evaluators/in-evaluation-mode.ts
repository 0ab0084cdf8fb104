import type { Module } from '@qkv/nn'

/**
 * Runs `fn` without dropout, and puts the model back into training if it was there; no random number is drawn.
 *
 * @example
 * const text = await inEvaluationMode(model, () => translate(model, '机器学习'))
 */
export async function inEvaluationMode<Result>(model: Module, fn: () => Promise<Result>): Promise<Result> {
  const { random } = model
  model.evaluate()
  try {
    return await fn()
  } finally {
    if (random) model.train(random)
  }
}
