import type { Parameter } from '@qkv/nn'
import { add, ArgumentError, donate, mul, sub, type Tensor } from '@qkv/tensor'
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
export interface SGDOptions extends WeightDecayOptions {
  /** How much of the last step's direction stays; 0 unless said, which needs no memory. */
  readonly momentum?: number
  /** Whether to look ahead along the momentum; false unless said. */
  readonly nesterov?: boolean
}

/**
 * Stochastic gradient descent, with momentum if wanted; the momentum starts as the first gradient, and the weight
 * decay is added to the gradients, both as in PyTorch. Throws an `ArgumentError` for a setting out of range.
 *
 * Source: Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning", section 2.
 *
 * @example
 * const optimizer = new SGD(model.parameters(), { momentum: 0.9, nesterov: true })
 */
export class SGD implements Optimizer {
  readonly name = 'sgd'
  readonly #parameters: ReadonlyMap<string, Parameter>
  readonly #memory: Momentum
  readonly #momentum: number
  readonly #nesterov: boolean
  readonly #weightDecay: number
  readonly #decays: DecayRule

  constructor(parameters: ReadonlyMap<string, Parameter>, options: SGDOptions = {}) {
    const { momentum = 0, nesterov = false, weightDecay = 0, decays = () => true } = options
    checkFromZero('SGD', 'momentum', momentum, 1)
    checkFromZero('SGD', 'weightDecay', weightDecay)
    if (nesterov && momentum === 0) throw nesterovError()
    this.#parameters = trainableOnes(parameters)
    this.#memory = new Momentum(momentum === 0 ? new Map() : this.#parameters)
    this.#momentum = momentum
    this.#nesterov = nesterov
    this.#weightDecay = weightDecay
    this.#decays = decays
  }

  step(gradients: ReadonlyMap<string, Tensor>, learningRate: number): void {
    for (const update of matchGradients('SGD', this.#parameters, gradients, learningRate)) {
      const { parameter } = update
      parameter.device.scoped(() => {
        const change = mul(this.#direction(update), learningRate)
        parameter.assign(sub(donate(parameter.value), change))
      })
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

  #direction({ path, parameter, gradient }: ParameterGradient): Tensor {
    const penalized =
      this.#weightDecay !== 0 && this.#decays(path, parameter)
        ? add(gradient, mul(parameter.value, this.#weightDecay))
        : gradient
    if (this.#momentum === 0) return penalized
    const memory = this.#memory.of(path)
    memory.assign(add(mul(donate(memory.value), this.#momentum), penalized))
    return this.#nesterov ? add(penalized, mul(memory.value, this.#momentum)) : memory.value
  }
}

function nesterovError(): ArgumentError {
  return new ArgumentError({
    operation: 'SGD',
    argument: 'nesterov',
    got: 'is true with a momentum of 0',
    expected: 'a momentum above 0 to look ahead along',
    fix: 'Set `momentum: 0.9`, or leave `nesterov` out.',
  })
}
