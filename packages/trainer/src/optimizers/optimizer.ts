import type { LoadableArray, Parameter, StateArray } from '@qkv/nn'
import type { Tensor } from '@qkv/tensor'

/** What an optimizer remembers, in host memory. */
export interface OptimizerState {
  /** Moments and the like; each name ends in the path of a parameter. */
  readonly arrays: ReadonlyMap<string, StateArray>
  /** Everything else, as plain JSON. */
  readonly values: Readonly<Record<string, number>>
}

/** An `OptimizerState` as any checkpoint gives it back. */
export interface StoredOptimizerState {
  readonly arrays: Iterable<readonly [name: string, array: LoadableArray]>
  readonly values: Readonly<Record<string, number>>
}

/**
 * Changes parameters by their gradients.
 *
 * @example
 * const optimizer = new AdamW(model.parameters())
 * const { gradients } = moduleValueAndGrad(model, () => lossOf(model))
 * optimizer.step(gradients, 1e-3)
 */
export interface Optimizer {
  /** As in a config, such as `adam-w`. */
  readonly name: string
  /**
   * Makes one step by the gradients of some or all of its parameters, which stay the caller's. Throws, and changes
   * nothing, when a gradient does not fit its parameter.
   */
  step(gradients: ReadonlyMap<string, Tensor>, learningRate: number): void
  /** Everything that the next step depends on, apart from the parameters. */
  readState(): Promise<OptimizerState>
  /** Takes up a state that `readState` gave: all of it, or none and an error. */
  loadState(state: StoredOptimizerState): void
  /** Frees what it remembers; the parameters stay. */
  dispose(): void
}

/**
 * Whether the weight decay applies to a parameter.
 *
 * @example
 * new AdamW(model.parameters(), { weightDecay: 0.1, decays: (path, parameter) => parameter.shape.length > 1 })
 */
export type DecayRule = (path: string, parameter: Parameter) => boolean

/** Weight decay for matrices, and none for vectors: biases, and the scales of norms. */
export const decayMatrices: DecayRule = (_path, parameter) => parameter.shape.length > 1

/** What optimizers with weight decay take. */
export interface WeightDecayOptions {
  readonly weightDecay?: number
  /** All parameters unless said, as in PyTorch; `decayMatrices` leaves out biases and norms. */
  readonly decays?: DecayRule
}
