import { type Module, moduleValueAndGrad } from '@qkv/nn'
import {
  add,
  ArgumentError,
  concat,
  type Device,
  donate,
  identity,
  mul,
  reshape,
  type Tensor,
} from '@qkv/tensor'
import type { TokenLoss } from '../losses/token-loss.ts'
import { globalNorm } from './global-norm.ts'

/**
 * Gradients of the mean loss per token over several batches: each counts by its tokens, so that small batches one after
 * another give what one large batch would. The tensors live outside all scopes, until `dispose()`.
 *
 * @example
 * const sum = new GradientSum(model)
 * for (const batch of batches) sum.add(() => lossOf(batch, model))
 * const { loss, norm } = await sum.read()
 * sum.scale(clipFactor(norm, 1))
 * optimizer.step(sum.gradients, learningRate)
 * sum.dispose()
 */
export class GradientSum {
  readonly #model: Module
  readonly #device: Device
  readonly #gradients = new Map<string, Tensor>()
  #loss: Tensor | undefined
  #tokens = 0
  /** Tokens of the first batch, by which the others are weighed: a single batch is not scaled at all. */
  #unit = 1

  /** Throws an `ArgumentError` when the model has nothing to train. */
  constructor(model: Module) {
    this.#model = model
    this.#device = deviceOf(model)
  }

  /** By path; means per token only once `scale` was called. */
  get gradients(): ReadonlyMap<string, Tensor> {
    return this.#gradients
  }

  /** Tokens of all batches so far. */
  get tokens(): number {
    return this.#tokens
  }

  /** Adds a batch; throws an `ArgumentError` unless it has tokens. */
  add(lossOf: () => TokenLoss): void {
    let tokens = 0
    this.#device.scoped(() => {
      const { value, gradients } = moduleValueAndGrad(this.#model, () => {
        const batch = lossOf()
        tokens = checkTokens(batch.tokens)
        return this.#tokens === 0 ? batch.loss : mul(batch.loss, tokens / this.#unit)
      })
      // A loss may be a tensor that somebody else owns, so the sum starts with an alias.
      this.#loss = this.#sum(this.#loss, identity(value))
      for (const [path, gradient] of gradients) {
        this.#gradients.set(path, this.#sum(this.#gradients.get(path), gradient))
      }
    })
    if (this.#tokens === 0) this.#unit = tokens
    this.#tokens += tokens
  }

  /** The mean loss per token and the norm of its gradients, in a single transfer; to be called before `scale`. */
  async read(): Promise<{ readonly loss: number; readonly norm: number }> {
    const both = this.#device.scoped(() => {
      const norm = globalNorm(this.#gradients.values())
      return this.#device.retain(concat([reshape(this.#loss!, [1]), reshape(norm, [1])]))
    })
    try {
      const [loss, norm] = await both.read()
      return { loss: loss! / this.#weight, norm: norm! / this.#weight }
    } finally {
      both.dispose()
    }
  }

  /** Makes the gradients means per token, times `factor`; to be called once. */
  scale(factor: number): void {
    const total = factor / this.#weight
    if (total === 1) return
    this.#device.scoped(() => {
      for (const [path, gradient] of this.#gradients) {
        this.#gradients.set(path, this.#device.retain(mul(donate(gradient), total)))
      }
    })
  }

  dispose(): void {
    this.#loss?.dispose()
    for (const gradient of this.#gradients.values()) gradient.dispose()
    this.#gradients.clear()
  }

  get #weight(): number {
    return this.#tokens / this.#unit
  }

  #sum(total: Tensor | undefined, part: Tensor): Tensor {
    return this.#device.retain(total === undefined ? part : add(donate(total), part))
  }
}

function deviceOf(model: Module): Device {
  for (const { device } of model.trainableParameters().values()) return device
  throw new ArgumentError({
    operation: 'GradientSum',
    argument: 'model',
    got: `is a ${model.constructor.name} without trainable parameters`,
    expected: 'at least one',
    fix: 'Set `parameter.trainable = true` on those that are to be trained.',
  })
}

function checkTokens(tokens: number): number {
  if (Number.isFinite(tokens) && tokens > 0) return tokens
  throw new ArgumentError({
    operation: 'lossOf',
    argument: 'tokens',
    got: `is ${String(tokens)}`,
    expected: 'how many tokens the loss is the mean of: a number above 0',
    fix: 'Leave batches without tokens out.',
  })
}
