import { type Buffer, Module, type Parameter } from '@qkv/nn'
import { adamW, ArgumentError, donate } from '@qkv/tensor'
import { checkFromZero } from '../check-settings.ts'
import type { ParameterGradient } from './match-gradients.ts'
import type { DecayRule, OptimizerState, StoredOptimizerState } from './optimizer.ts'
import { zeroBuffers } from './zero-buffers.ts'

/** What Adam and AdamW take besides their weight decay. */
export interface AdamOptions {
  /** How much of the first moment stays in a step; 0.9 unless said. */
  readonly beta1?: number
  /** How much of the second moment stays in a step; 0.999 unless said. */
  readonly beta2?: number
  /** Added to the square root of the second moment; 1e-8 unless said. */
  readonly epsilon?: number
}

interface AdamStep {
  readonly learningRate: number
  /** Decoupled from the gradients, as AdamW has it. */
  readonly weightDecay: number
  readonly decays: DecayRule
}

/** Running means of gradients and of their squares, and the update that Adam and AdamW share. */
export class AdamMoments extends Module {
  readonly firstMoment: ReadonlyMap<string, Buffer>
  readonly secondMoment: ReadonlyMap<string, Buffer>
  readonly #options: Required<AdamOptions>
  #steps = 0

  constructor(operation: string, parameters: ReadonlyMap<string, Parameter>, options: AdamOptions) {
    super()
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options
    checkFromZero(operation, 'beta1', beta1, 1)
    checkFromZero(operation, 'beta2', beta2, 1)
    checkFromZero(operation, 'epsilon', epsilon)
    this.#options = { beta1, beta2, epsilon }
    this.firstMoment = zeroBuffers(parameters)
    this.secondMoment = zeroBuffers(parameters)
  }

  /** One step of all parameters in one call, in place where the backend can. */
  update(updates: readonly ParameterGradient[], { learningRate, weightDecay, decays }: AdamStep): void {
    const device = updates[0]?.parameter.device
    device?.scoped(() => {
      const results = adamW(
        updates.map(({ path, parameter, gradient }) => ({
          parameter: donate(parameter.value),
          gradient,
          firstMoment: donate(this.firstMoment.get(path)!.value),
          secondMoment: donate(this.secondMoment.get(path)!.value),
          decay: decays(path, parameter),
        })),
        { ...this.#options, learningRate, weightDecay, step: this.#steps + 1 },
      )
      updates.forEach(({ path, parameter }, index) => {
        const { parameter: value, firstMoment, secondMoment } = results[index]!
        parameter.assign(value)
        this.firstMoment.get(path)!.assign(firstMoment)
        this.secondMoment.get(path)!.assign(secondMoment)
      })
    })
    this.#steps += 1
  }

  async read(): Promise<OptimizerState> {
    return { arrays: await this.readState(), values: { steps: this.#steps } }
  }

  load(operation: string, { arrays, values }: StoredOptimizerState): void {
    const steps = values['steps']
    if (steps === undefined || !Number.isSafeInteger(steps) || steps < 0) {
      throw new ArgumentError({
        operation,
        argument: 'values.steps',
        got: steps === undefined ? 'is missing' : `is ${steps}`,
        expected: 'the number of steps made so far',
        fix: 'Load a state that the same kind of optimizer has written.',
      })
    }
    this.loadState(arrays)
    this.#steps = steps
  }
}
