import type { Parameter } from '@qkv/nn'
import { add, donate, mul, sign, sub, type Tensor } from '@qkv/tensor'
import { checkFromZero } from '../check-settings.ts'
import { matchGradients, type ParameterGradient, trainableOnes } from './match-gradients.ts'
import { Momentum } from './momentum.ts'
import type {
  DecayRule,
  Optimizer,
  OptimizerState,
  StoredOptimizerState,
  WeightDecayOptions,
} from './optimizer.ts'

/** `weightDecay` is 0 unless said. */
export interface LionOptions extends WeightDecayOptions {
  /** How much the momentum counts in a step's direction; 0.9 unless said. */
  readonly beta1?: number
  /** How much of the momentum stays in a step; 0.99 unless said. */
  readonly beta2?: number
}

/**
 * Steps by the sign of the momentum alone: half of Adam's memory, and every element changes by the learning rate. Take a
 * rate 3 to 10 times lower than for AdamW, and a weight decay higher by as much. The decay is decoupled, as in AdamW.
 * Throws an `ArgumentError` for a setting out of range.
 *
 * Source: Chen et al. 2023, "Symbolic discovery of optimization algorithms", program 1.
 *
 * @example
 * const optimizer = new Lion(model.parameters(), { weightDecay: 1, decays: decayMatrices })
 */
export class Lion implements Optimizer {
  readonly name = 'lion'
  readonly #parameters: ReadonlyMap<string, Parameter>
  readonly #memory: Momentum
  readonly #beta1: number
  readonly #beta2: number
  readonly #weightDecay: number
  readonly #decays: DecayRule

  constructor(parameters: ReadonlyMap<string, Parameter>, options: LionOptions = {}) {
    const { beta1 = 0.9, beta2 = 0.99, weightDecay = 0, decays = () => true } = options
    checkFromZero('Lion', 'beta1', beta1, 1)
    checkFromZero('Lion', 'beta2', beta2, 1)
    checkFromZero('Lion', 'weightDecay', weightDecay)
    this.#parameters = trainableOnes(parameters)
    this.#memory = new Momentum(this.#parameters)
    this.#beta1 = beta1
    this.#beta2 = beta2
    this.#weightDecay = weightDecay
    this.#decays = decays
  }

  step(gradients: ReadonlyMap<string, Tensor>, learningRate: number): void {
    for (const update of matchGradients('Lion', this.#parameters, gradients, learningRate)) {
      update.parameter.device.scoped(() => this.#update(update, learningRate))
    }
  }

  readState(): Promise<OptimizerState> {
    return this.#memory.read()
  }

  loadState(state: StoredOptimizerState): void {
    this.#memory.load(state)
  }

  dispose(): void {
    this.#memory.dispose()
  }

  #update({ path, parameter, gradient }: ParameterGradient, learningRate: number): void {
    const memory = this.#memory.of(path)
    const direction = sign(add(mul(memory.value, this.#beta1), mul(gradient, 1 - this.#beta1)))
    const decay = this.#decays(path, parameter) ? this.#weightDecay : 0
    const shrunk =
      decay === 0 ? donate(parameter.value) : donate(mul(donate(parameter.value), 1 - learningRate * decay))
    parameter.assign(sub(shrunk, mul(direction, learningRate)))
    memory.assign(add(mul(donate(memory.value), this.#beta2), mul(gradient, 1 - this.#beta2)))
  }
}
