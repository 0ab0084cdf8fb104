import type { DeviceArray } from '../engine/device-array.ts'
import { here, type Input, type Kernel, type KernelTable, type Launcher } from '../kernel.ts'

/** Formulas of the elements `a`, `b`, `c` of the inputs and of the numbers `s0`, `s1`, ... */
const formulas: Readonly<Record<string, string>> = {
  add: 'a + b',
  sub: 'a - b',
  mul: 'a * b',
  div: 'a / b',
  pow: 'power(a, b)',
  maximum: 'larger(a, b)',
  minimum: 'smaller(a, b)',
  less: 'isBelow(a, b)',
  equal: 'isEqual(a, b)',
  neg: '-a',
  exp: 'exponential(a)',
  log: 'logarithm(a)',
  sqrt: 'Math.sqrt(a)',
  sin: 'sineOfTurn(a, 0)',
  cos: 'sineOfTurn(a, 1)',
  tanh: 'hyperbolicTangent(a)',
  erf: 'errorFunction(a)',
  floor: 'Math.floor(a)',
  ceil: '-Math.floor(-a)',
  abs: 'Math.abs(a)',
  reciprocal: '1 / a',
  rsqrt: '1 / Math.sqrt(a)',
  lessEqual: 'isAtMost(a, b)',
  notEqual: '1 - isEqual(a, b)',
  logicalAnd: 'a * b',
  logicalOr: 'larger(a, b)',
  logicalNot: '1 - a',
  relu: 'larger(a, 0)',
  square: 'a * a',
  sigmoid: 'sigmoid(a)',
  silu: 'a * sigmoid(a)',
  siluBackward: 'b * (sigmoid(a) * (1 + a * (1 - sigmoid(a))))',
  gelu: 'a * 0.5 * (1 + errorFunction(a * 0.7071067811865476))',
  geluBackward:
    'b * (0.5 * (1 + errorFunction(a * 0.7071067811865476)) + a * 0.3989422804014327 * Math.exp(-0.5 * a * a))',
  geluTanh: 'a * 0.5 * (1 + hyperbolicTangent(0.7978845608028654 * (a + 0.044715 * a * a * a)))',
}

const letters = ['a', 'b', 'c', 'd'] as const

export const elementwise: KernelTable = {
  ...Object.fromEntries(Object.entries(formulas).map(([name, formula]) => [`qkv/${name}`, mapping(formula)])),
  // Not a formula: the operand that is not taken may be anything.
  'qkv/where': {
    readsStrides: true,
    run: ({ inputs, size }, launcher) => [
      map(launcher, inputs, size, 'if (a > 0.5) { return b; } return c;', []),
    ],
  },
  'qkv/cast': {
    readsStrides: true,
    run({ inputs, outputs, size }, launcher) {
      const statement = {
        bool: 'return 1 - isEqual(a, 0);',
        int32: 'return toWholeNumber(a);',
        float32: 'return a;',
      }[outputs[0]!.dtype as 'bool' | 'int32' | 'float32']
      return [map(launcher, inputs, size, statement, [])]
    },
  },
  'qkv/copy': {
    readsStrides: true,
    run: ({ inputs, size }, launcher) => [map(launcher, inputs, size, 'return a;', [])],
  },
}

function mapping(formula: string): Kernel {
  return {
    readsStrides: true,
    run: ({ inputs, size, scalars }, launcher) => [
      map(launcher, inputs, size, `return ${formula};`, scalars),
    ],
  }
}

/** Maps the elements `a`, `b`, ... of inputs by statements. One kernel serves all lengths where no input has gaps. */
export function map(
  launcher: Launcher,
  inputs: readonly Input[],
  size: number,
  statements: string,
  scalars: readonly number[] = [],
): DeviceArray {
  const reads = inputs.map(({ place, contiguous }, index) => {
    const at = contiguous ? here : place(here)
    return `const ${letters[index]} = x${index}[${at}]; `
  })
  const anyLength = inputs.every(({ contiguous }) => contiguous)
  const arrays = inputs.map(({ array }) => array)
  return launcher.run({ body: reads.join('') + statements, anyLength }, arrays, size, scalars)
}
