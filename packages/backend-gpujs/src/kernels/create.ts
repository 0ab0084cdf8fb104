import { checkWholeNumbers } from '../check-whole-numbers.ts'
import { here, type KernelTable } from '../kernel.ts'

/** Tensors from nothing but shapes and numbers. */
export const create: KernelTable = {
  'qkv/full': {
    run({ outputs: [spec], size, scalars }, launcher) {
      if (spec!.dtype === 'int32') checkWholeNumbers('full', 'value', scalars)
      return [launcher.run({ body: 'return s0;', anyLength: true }, [], size, scalars)]
    },
  },
  'qkv/iota': {
    run({ attrs, outputs, size, scalars }, launcher) {
      const { axis } = attrs as { readonly axis: number }
      const { shape, dtype } = outputs[0]!
      const inner = shape.slice(axis + 1).reduce((product, length) => product * length, 1)
      if (dtype === 'int32') {
        const [start, step] = scalars as [number, number]
        checkWholeNumbers('iota', 'start', [start, start + step * ((shape[axis] ?? 1) - 1)])
      }
      const index = `remainder(quotient(${here}, ${inner}), ${shape[axis] ?? 1})`
      return [launcher.run(`return s0 + s1 * ${index};`, [], size, scalars)]
    },
  },
  'qkv/randomUniform': {
    run: ({ size, scalars }, launcher) => [
      launcher.run({ body: `return ${uniform('s0', 's1')};`, anyLength: true }, [], size, scalars),
    ],
  },
}

/** The random number of the element at hand: two share a counter. */
export function uniform(low: string, high: string, element: string = here): string {
  return `randomWord(quotient(${element}, 2), ${low}, ${high}, remainder(${element}, 2)) / 16777216`
}
