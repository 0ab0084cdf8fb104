import type { Parameter } from '@qkv/nn'
import type { Tensor } from '@qkv/tensor'
import { checkFromZero } from '../check-settings.ts'
import { AdamMoments, type AdamOptions } from './adam-moments.ts'
import { matchGradients, trainableOnes } from './match-gradients.ts'
import type {
  DecayRule,
  Optimizer,
  OptimizerState,
  StoredOptimizerState,
  WeightDecayOptions,
} from './optimizer.ts'

/** `weightDecay` is 0.01 unless said. */
export interface AdamWOptions extends AdamOptions, WeightDecayOptions {}

/**
 * Adam with a weight decay of its own: parameters shrink by `learningRate * weightDecay`, apart from their gradients.
 * Throws an `ArgumentError` for a setting out of range.
 *
 * Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization", algorithm 2.
 *
 * @example
 * const optimizer = new AdamW(model.parameters(), { weightDecay: 0.1, decays: decayMatrices })
 */
export class AdamW implements Optimizer {
  readonly name = 'adam-w'
  readonly #parameters: ReadonlyMap<string, Parameter>
  readonly #moments: AdamMoments
  readonly #weightDecay: number
  readonly #decays: DecayRule

  constructor(parameters: ReadonlyMap<string, Parameter>, options: AdamWOptions = {}) {
    const { weightDecay = 0.01, decays = () => true } = options
    checkFromZero('AdamW', 'weightDecay', weightDecay)
    this.#parameters = trainableOnes(parameters)
    this.#moments = new AdamMoments('AdamW', this.#parameters, options)
    this.#weightDecay = weightDecay
    this.#decays = decays
  }

  step(gradients: ReadonlyMap<string, Tensor>, learningRate: number): void {
    const updates = matchGradients('AdamW', this.#parameters, gradients, learningRate)
    this.#moments.update(updates, { learningRate, weightDecay: this.#weightDecay, decays: this.#decays })
  }

  readState(): Promise<OptimizerState> {
    return this.#moments.read()
  }

  loadState(state: StoredOptimizerState): void {
    this.#moments.load('AdamW', state)
  }

  dispose(): void {
    this.#moments.dispose()
  }
}
