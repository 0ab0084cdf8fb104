import type { Parameter } from '@qkv/nn'
import { add, mul, type Tensor } from '@qkv/tensor'
import { checkFromZero } from '../check-settings.ts'
import { AdamMoments, type AdamOptions } from './adam-moments.ts'
import { matchGradients, type ParameterGradient, trainableOnes } from './match-gradients.ts'
import type {
  DecayRule,
  Optimizer,
  OptimizerState,
  StoredOptimizerState,
  WeightDecayOptions,
} from './optimizer.ts'

/** `weightDecay` is 0 unless said. */
export interface AdamL2Options extends AdamOptions, WeightDecayOptions {}

/**
 * Steps along the mean of past gradients, divided by their root mean square. Its weight decay is a penalty on the
 * squared parameters, added to the gradients; `AdamW` is the better choice where there is one.
 * Throws an `ArgumentError` for a setting out of range.
 *
 * Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1.
 *
 * @example
 * const optimizer = new Adam(model.parameters(), { beta2: 0.98, epsilon: 1e-9 })
 */
export class Adam implements Optimizer {
  readonly name = 'adam'
  readonly #parameters: ReadonlyMap<string, Parameter>
  readonly #moments: AdamMoments
  readonly #weightDecay: number
  readonly #decays: DecayRule

  constructor(parameters: ReadonlyMap<string, Parameter>, options: AdamL2Options = {}) {
    const { weightDecay = 0, decays = () => true } = options
    checkFromZero('Adam', 'weightDecay', weightDecay)
    this.#parameters = trainableOnes(parameters)
    this.#moments = new AdamMoments('Adam', this.#parameters, options)
    this.#weightDecay = weightDecay
    this.#decays = decays
  }

  step(gradients: ReadonlyMap<string, Tensor>, learningRate: number): void {
    const matched = matchGradients('Adam', this.#parameters, gradients, learningRate)
    matched[0]?.parameter.device.scoped(() => {
      const updates = matched.map((each) => this.#penalized(each))
      this.#moments.update(updates, { learningRate, weightDecay: 0, decays: () => false })
    })
  }

  readState(): Promise<OptimizerState> {
    return this.#moments.read()
  }

  loadState(state: StoredOptimizerState): void {
    this.#moments.load('Adam', state)
  }

  dispose(): void {
    this.#moments.dispose()
  }

  /** The gradient with that of the penalty. */
  #penalized(update: ParameterGradient): ParameterGradient {
    const { path, parameter, gradient } = update
    if (this.#weightDecay === 0 || !this.#decays(path, parameter)) return update
    const penalty = (): Tensor => add(gradient, mul(parameter.value, this.#weightDecay))
    return { path, parameter, gradient: parameter.device.scoped(penalty) }
  }
}
