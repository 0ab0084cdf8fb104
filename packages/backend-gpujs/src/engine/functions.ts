import type { FunctionTypes } from './gpu-js.ts'
import { type GpujsMode, usesShaders } from './modes.ts'

/**
 * Functions that kernels may call. Division of whole numbers is native to shaders; gpu.js would go through floats, which are
 * exact only up to 2^24 and divide inexactly on some machines.
 */
const wholeNumbers = [
  {
    name: 'quotient',
    shader: 'int quotient(int a, int b) { return a / b; }',
    script: 'function quotient(a, b) { return Math.floor(a / b); }',
    compute: 'function quotient(a, b) { return settled(a, b, (a / b) | 0); }',
  },
  {
    name: 'remainder',
    shader: 'int remainder(int a, int b) { return a - (a / b) * b; }',
    script: 'function remainder(a, b) { return a - Math.floor(a / b) * b; }',
    compute: 'function remainder(a, b) { return a - quotient(a, b) * b; }',
  },
] as const

/** Compute shaders take no native functions, and divide floats to the last bits only: a guess of the quotient is put right. */
const settled = `function settled(a, b, guess) {
  if (a - guess * b < 0) { return guess - 1; }
  if (a - guess * b >= b) { return guess + 1; }
  return guess;
}`

/** Of floats; shaders may do as they like with NaN and infinities, so those are caught before. */
const floats: readonly string[] = [
  `function exponential(x) {
    if (x !== x) { return x; }
    return Math.exp(x);
  }`,
  `function logarithm(x) {
    if (x !== x) { return x; }
    if (x < 0) { return (x - x) / (x - x); }
    if (x === 0) { return -1 / Math.abs(x); }
    return Math.log(x);
  }`,
  // Sine of an angle from -pi/4 to pi/4, and cosine: Taylor series up to the last bit of a float.
  `function nearSine(x) {
    const y = x * x;
    return x + x * y * (-1.6666667163e-1 + y * (8.3333337680e-3 + y * (-1.9841270114e-4 + y * 2.7557314297e-6)));
  }`,
  `function nearCosine(x) {
    const y = x * x;
    return 1 + y * (-0.5 + y * (4.1666667908e-2 + y * (-1.3888889225e-3 + y * 2.4801587642e-5)));
  }`,
  // Cody and Waite: half turns are taken off in three parts, the first two of which have few bits.
  `function sineOfTurn(x, shift) {
    if (x !== x) { return x; }
    if (x - x !== 0) { return (x - x) / (x - x); }
    const turns = Math.floor(x * 0.63661977236758 + 0.5);
    const rest = ((x - turns * 1.5703125) - turns * 4.837512969970703e-4) - turns * 7.549789948768648e-8;
    const quarter = turns + shift - 4 * Math.floor((turns + shift) / 4);
    if (quarter < 0.5) { return nearSine(rest); }
    if (quarter < 1.5) { return nearCosine(rest); }
    if (quarter < 2.5) { return -nearSine(rest); }
    return -nearCosine(rest);
  }`,
  // Near 0 by its series: the difference below has few bits left there, and none where a driver's exp(0) is not quite 1.
  `function hyperbolicTangent(x) {
    if (x !== x) { return x; }
    if (Math.abs(x) < 0.03) { return x - x * x * x / 3; }
    const decay = Math.exp(-2 * Math.abs(x));
    const size = (1 - decay) / (1 + decay);
    if (x < 0) { return -size; }
    return size;
  }`,
  // Press et al., Numerical recipes, section 6.2: a Chebyshev fit of the complement, right to 1.2e-7.
  `function errorFunction(x) {
    if (x !== x) { return x; }
    const size = Math.abs(x);
    const t = 1 / (1 + 0.5 * size);
    const low = -0.18628806 + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))));
    const power = -size * size - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * low)));
    const value = 1 - t * Math.exp(power);
    if (x < 0) { return -value; }
    return value;
  }`,
  `function power(a, b) {
    if (b === 0) { return 1; }
    if (a !== a) { return a; }
    if (b !== b) { return b; }
    if (a === 0) {
      if (b > 0) { return 0; }
      return 1 / Math.abs(a);
    }
    const size = Math.pow(Math.abs(a), b);
    if (a > 0) { return size; }
    if (Math.floor(b) !== b) { return (a - a) / (a - a); }
    if (b - 2 * Math.floor(b / 2) > 0.5) { return -size; }
    return size;
  }`,
  `function larger(a, b) {
    if (a !== a) { return a; }
    if (b !== b) { return b; }
    return Math.max(a, b);
  }`,
  `function smaller(a, b) {
    if (a !== a) { return a; }
    if (b !== b) { return b; }
    return Math.min(a, b);
  }`,
  `function isBelow(a, b) {
    if (a < b) { return 1; }
    return 0;
  }`,
  `function isAtMost(a, b) {
    if (a <= b) { return 1; }
    return 0;
  }`,
  `function isEqual(a, b) {
    if (a === b) { return 1; }
    return 0;
  }`,
  `function towardsZero(x) {
    if (x < 0) { return -Math.floor(-x); }
    return Math.floor(x);
  }`,
  `function sigmoid(x) {
    return 1 / (1 + exponential(-x));
  }`,
  // Whether an element of an index comes before another one: larger numbers first, NaN before all, then smaller indices.
  `function comesBefore(a, i, b, j) {
    if (a !== a) {
      if (b !== b) { return isBelow(i, j); }
      return 1;
    }
    if (b !== b) { return 0; }
    if (a > b) { return 1; }
    if (a === b) { return isBelow(i, j); }
    return 0;
  }`,
  // Sums and products of 24-bit words, modulo 2^24, without a step that floats could not hold.
  `function addWords(a, b) {
    if (a >= 16777216 - b) { return a - (16777216 - b); }
    return a + b;
  }`,
  `function middleOfSquare(x) {
    const high = Math.floor(x / 4096);
    const low = x - high * 4096;
    const squareOfHigh = high * high;
    const top = (squareOfHigh - 4096 * Math.floor(squareOfHigh / 4096)) * 4096;
    const cross = high * low;
    return addWords(addWords(top, addWords(cross, cross)), Math.floor(low * low / 4096));
  }`,
  `function randomWord(counter, low, high, second) {
    let left = counter;
    let right = 0;
    let key = low;
    let nextKey = high;
    for (let round = 0; round < 8; round++) {
      const keyed = addWords(left, key);
      const mixed = addWords(addWords(right, middleOfSquare(keyed)), keyed);
      right = left;
      left = mixed;
      const stepped = addWords(key, 10368889);
      key = nextKey;
      nextKey = stepped;
    }
    if (second > 0.5) { return right; }
    return left;
  }`,
]

interface FunctionTaker {
  addFunction(source: string, settings: FunctionTypes): unknown
  addNativeFunction(name: string, source: string): unknown
}

/** Teaches gpu.js the functions that kernels call. */
export function addFunctions(gpu: FunctionTaker, mode: GpujsMode): void {
  if (mode === 'webgpu') addFunction(gpu, settled, 'Integer')
  for (const { name, shader, script, compute } of wholeNumbers) {
    if (usesShaders(mode)) gpu.addNativeFunction(name, shader)
    else addFunction(gpu, mode === 'webgpu' ? compute : script, 'Integer')
  }
  for (const source of floats) addFunction(gpu, source, 'Float')
}

/** A function whose arguments are all of the type of its result. */
function addFunction(gpu: FunctionTaker, source: string, type: 'Integer' | 'Float'): void {
  const names = /\(([^)]*)\)/.exec(source)![1]!.split(', ')
  gpu.addFunction(source, {
    argumentTypes: Object.fromEntries(names.map((name) => [name, type])),
    returnType: type,
  })
}
