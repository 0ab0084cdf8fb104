import type { TensorSpec } from '../dtype.ts'
import { ArgumentError } from '../errors/argument-error.ts'
import { ShapeError } from '../errors/shape-error.ts'
import type { CompositeOp } from '../op.ts'
import { formatShape, sameShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { checkDType } from './check-dtype.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { sqrt } from './sqrt.ts'
import { sub } from './sub.ts'

/** What an update of one parameter reads, in the order of the inputs. */
const roles = ['parameter', 'gradient', 'firstMoment', 'secondMoment'] as const

/**
 * Inputs: parameter, gradient, firstMoment and secondMoment of each parameter in turn. Outputs: its new parameter,
 * firstMoment and secondMoment in turn. `decays` says for each parameter whether the weight decay applies to it.
 * Scalars: learningRate, beta1, beta2, epsilon, weightDecay, 1 - beta1^step, 1 - beta2^step.
 */
export const adamWOp: CompositeOp<{ readonly decays: readonly boolean[] }> = {
  name: 'qkv/adamW',
  kind: 'composite',
  source: 'Loshchilov and Hutter 2019, Decoupled weight decay regularization, algorithm 2',
  infer(inputs, { decays }) {
    if (inputs.length !== decays.length * roles.length) {
      throw new ArgumentError({
        operation: 'adamW',
        argument: 'decays',
        got: `has ${decays.length} entries for ${inputs.length} inputs`,
        expected: `one entry per parameter, which takes ${roles.length} inputs: ${roles.join(', ')}`,
        fix: 'Use the function `adamW`, which lays them out.',
      })
    }
    inputs.forEach((input, index) => checkInput(input, inputs, index))
    return inputs.filter((_, index) => roles[index % roles.length] !== 'gradient')
  },
  decompose(inputs, { decays }, scalars) {
    return decays.flatMap((decay, index) => {
      const start = index * roles.length
      const [parameter, gradient, firstMoment, secondMoment] = inputs.slice(start, start + roles.length)
      // A scope each, so that the intermediates of one parameter at a time are alive.
      return parameter!.device.scoped(() =>
        update(parameter!, gradient!, firstMoment!, secondMoment!, decay, scalars),
      )
    })
  },
  stopsGradient: true,
  samples: [
    {
      inputs: [[2, 3], [4], []].flatMap((shape) => [
        { shape },
        { shape },
        { shape },
        { shape, range: [0.1, 1] as const },
      ]),
      attrs: { decays: [true, false, true] },
      scalars: [0.01, 0.9, 0.999, 1e-8, 0.1, 0.19, 0.001999],
    },
    {
      inputs: [{ shape: [0, 2] }, { shape: [0, 2] }, { shape: [0, 2] }, { shape: [0, 2] }],
      attrs: { decays: [true] },
      scalars: [0.01, 0.9, 0.999, 1e-8, 0.1, 0.1, 0.001],
    },
  ],
}

function update(
  parameter: Tensor,
  gradient: Tensor,
  firstMoment: Tensor,
  secondMoment: Tensor,
  decay: boolean,
  scalars: readonly number[],
): readonly Tensor[] {
  const [learningRate, beta1, beta2, epsilon, weightDecay, correction1, correction2] = scalars
  const first = add(mul(firstMoment, beta1!), mul(gradient, 1 - beta1!))
  const second = add(mul(secondMoment, beta2!), mul(mul(gradient, gradient), 1 - beta2!))
  const decayed = decay ? mul(parameter, 1 - learningRate! * weightDecay!) : parameter
  const scale = add(div(sqrt(second), Math.sqrt(correction2!)), epsilon!)
  return [sub(decayed, mul(div(first, scale), learningRate! / correction1!)), first, second]
}

function checkInput(input: TensorSpec, inputs: readonly TensorSpec[], index: number): void {
  const role = index % roles.length
  const argument = `${roles[role]} ${Math.floor(index / roles.length)}`
  checkDType('adamW', argument, input, ['float32'])
  const parameter = inputs[index - role]!
  if (sameShape(input.shape, parameter.shape)) return
  throw new ShapeError({
    operation: 'adamW',
    argument,
    got: `has shape ${formatShape(input.shape)}`,
    expected: `the shape of its parameter, ${formatShape(parameter.shape)}`,
    fix: 'Check that gradients and moments are in the order of the parameters.',
  })
}

/** A parameter with its moments, which start as zeros. */
export interface AdamWState {
  readonly parameter: Tensor
  readonly firstMoment: Tensor
  readonly secondMoment: Tensor
}

/** What an update of one parameter reads. */
export interface AdamWInput extends AdamWState {
  readonly gradient: Tensor
  /** Whether the weight decay applies; true unless said. Biases and norm weights usually go without. */
  readonly decay?: boolean
}

/**
 * One step of AdamW for many parameters at once. Donate parameters and moments, and a backend updates them in place.
 * The parameter is multiplied by `1 - learningRate * weightDecay` first; `epsilon` is added after the square root of
 * the bias-corrected second moment. No gradient passes through. Throws when shapes differ, or a step is below 1.
 *
 * Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization", algorithm 2; the order is PyTorch's.
 *
 * @example
 * const [next] = adamW([{ parameter, gradient, firstMoment, secondMoment }], { learningRate: 1e-3, step: 1 })
 */
export function adamW(
  parameters: readonly AdamWInput[],
  options: {
    readonly learningRate: number
    /** How many steps were made with this one: 1 for the first. */
    readonly step: number
    /** 0.9 unless said. */
    readonly beta1?: number
    /** 0.999 unless said. */
    readonly beta2?: number
    /** 1e-8 unless said. */
    readonly epsilon?: number
    /** 0.01 unless said. */
    readonly weightDecay?: number
  },
): readonly AdamWState[] {
  const { learningRate, step, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = options
  if (!Number.isInteger(step) || step < 1) {
    throw new ArgumentError({
      operation: 'adamW',
      argument: 'step',
      got: `is ${step}`,
      expected: 'a whole number from 1',
      fix: 'Count the step before making it: the first one is 1.',
    })
  }
  const first = parameters[0]
  if (!first) return []
  const outputs = first.parameter.device.apply(
    adamWOp,
    parameters.flatMap((input) => roles.map((role) => input[role])),
    { decays: parameters.map(({ decay = true }) => decay) },
    [learningRate, beta1, beta2, epsilon, weightDecay, 1 - beta1 ** step, 1 - beta2 ** step],
  )
  return parameters.map((_, index) => ({
    parameter: outputs[3 * index]!,
    firstMoment: outputs[3 * index + 1]!,
    secondMoment: outputs[3 * index + 2]!,
  }))
}
