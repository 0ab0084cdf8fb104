import { sizeOf } from '@qkv/tensor'
import { type Binding, forEachIndex, type Program, threads } from '../commands/program.ts'
import { dispatch, handleOf, isDense, type KernelTable } from '../kernel.ts'

/** What an update reads, in the order of the inputs; all but the gradient are also its outputs. */
const roles = ['parameter', 'gradient', 'first', 'second'] as const
const kept = ['parameter', 'first', 'second'] as const

/** Kept roles that are donated are read where they are written. */
function updateProgram(inPlace: readonly boolean[]): Program {
  const sourceOf = (index: number): string => (inPlace[index] ? `${kept[index]}Next` : kept[index]!)
  return {
    key: `adamW/${inPlace.map(Number).join('')}`,
    parameters: [
      ['size', 'u32'],
      ['rate', 'f32'],
      ['beta1', 'f32'],
      ['beta2', 'f32'],
      ['rest1', 'f32'],
      ['rest2', 'f32'],
      ['epsilon', 'f32'],
      ['decayed', 'f32'],
      ['root2', 'f32'],
    ],
    bindings: [
      ...kept.map((name): Binding => ({ name: `${name}Next`, type: 'f32', access: 'read_write' })),
      ...kept
        .filter((_, index) => !inPlace[index])
        .map((name): Binding => ({ name, type: 'f32', access: 'read' })),
      { name: 'gradient', type: 'f32', access: 'read' },
    ],
    body: () =>
      forEachIndex(`  let slope = gradient[index];
  let mean = ${sourceOf(1)}[index] * parameters.beta1 + slope * parameters.rest1;
  let square = ${sourceOf(2)}[index] * parameters.beta2 + slope * slope * parameters.rest2;
  let scale = sqrt(square) / parameters.root2 + parameters.epsilon;
  parameterNext[index] = ${sourceOf(0)}[index] * parameters.decayed - mean / scale * parameters.rate;
  firstNext[index] = mean;
  secondNext[index] = square;`),
  }
}

export const adamWKernels: KernelTable = {
  'qkv/adamW': {
    run(call, context) {
      const { decays } = call.attrs as { readonly decays: readonly boolean[] }
      const [rate, beta1, beta2, epsilon, weightDecay, correction1, correction2] =
        call.scalars as readonly number[]
      return decays.flatMap((decay, parameter) => {
        const at = (role: (typeof roles)[number]): number => parameter * roles.length + roles.indexOf(role)
        const inPlace = kept.map((role) => {
          const input = call.inputs[at(role)]!
          const alone = call.inputs.filter(({ handle }) => handle === input.handle).length === 1
          return input.donated && isDense(input) && alone
        })
        const { spec } = call.inputs[at('parameter')]!
        const targets = kept.map((role, index) =>
          inPlace[index] ? handleOf(call, at(role)) : context.arena.allocate(spec),
        )
        const sources = kept.filter((_, index) => !inPlace[index]).map((role) => handleOf(call, at(role)))
        const size = sizeOf(spec.shape)
        const values = [
          size,
          rate! / correction1!,
          beta1!,
          beta2!,
          1 - beta1!,
          1 - beta2!,
          epsilon!,
          decay ? 1 - rate! * weightDecay! : 1,
          Math.sqrt(correction2!),
        ]
        const buffers = [...targets, ...sources, handleOf(call, at('gradient'))]
        dispatch(context, updateProgram(inPlace), buffers, values, Math.ceil(size / threads))
        return targets
      })
    },
  },
}
