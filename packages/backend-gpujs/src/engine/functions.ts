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
  // Above the largest float; not by a difference, which compute shaders may compare as they like.
  `function isInfinite(x) {
    if (Math.abs(x) > 3.4028234663852886e38) { return 1; }
    return 0;
  }`,
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
  // Cody and Waite: half turns are taken off in three parts, the first two of which have few bits. What is too large to have digits
  // left stays within a quarter.
  `function sineOfTurn(x, shift) {
    if (x !== x) { return x; }
    if (isInfinite(x) > 0.5) { return (x - x) / (x - x); }
    const turns = Math.floor(x * 0.63661977236758 + 0.5);
    const near = ((x - turns * 1.5703125) - turns * 4.837512969970703e-4) - turns * 7.549789948768648e-8;
    const rest = Math.min(Math.max(near, -0.7854), 0.7854);
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
  // The special cases of IEEE 754-2019, section 9.2.1. Odd exponents keep the sign, that of zero too.
  `function power(a, b) {
    if (b === 0 || a === 1) { return 1; }
    if (a !== a) { return a; }
    if (b !== b) { return b; }
    const base = Math.abs(a);
    if (isInfinite(b) > 0.5) {
      if (base === 1) { return 1; }
      if ((base > 1) === (b > 0)) { return Math.abs(b); }
      return 0;
    }
    const odd = isOdd(b);
    if (isInfinite(a) > 0.5 || a === 0) {
      let size = base;
      if (b < 0) { size = 1 / base; }
      if (odd > 0.5 && 1 / a < 0) { return -size; }
      return size;
    }
    const size = Math.pow(base, b);
    if (a > 0) { return size; }
    if (Math.floor(b) !== b) { return (b - b) / (b - b); }
    if (odd > 0.5) { return -size; }
    return size;
  }`,
  `function isOdd(x) {
    if (Math.floor(x) !== x || Math.abs(x) >= 16777216) { return 0; }
    if (x - 2 * Math.floor(x / 2) > 0.5) { return 1; }
    return 0;
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
  // A whole number modulo 2^32, from -2^31 on: NaN, infinities and what is a multiple of 2^32 for its size are 0.
  `function toWholeNumber(x) {
    const size = Math.abs(x);
    if (size < 2147483648) {
      if (x < 0) { return -Math.floor(size); }
      return Math.floor(size);
    }
    if (size < 36028797018963968) { return x - 4294967296 * Math.floor(x * 2.3283064365386963e-10 + 0.5); }
    return 0;
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

/**
 * WGSL lets compilers assume that nothing is NaN, and a comparison with itself is gone. Two limits that are not the same are not
 * joined: neither is above nor below them what is NaN.
 */
const notANumber = `function notANumber(x) {
  if (Math.abs(x) <= 3.4e38) { return 0; }
  if (Math.abs(x) >= 3.3e38) { return 0; }
  return 1;
}`

interface FunctionTaker {
  addFunction(source: string, settings: FunctionTypes): unknown
  addNativeFunction(name: string, source: string): unknown
}

/** Teaches gpu.js the functions that kernels call. */
export function addFunctions(gpu: FunctionTaker, mode: GpujsMode): void {
  if (mode === 'webgpu') {
    addFunction(gpu, settled, 'Integer')
    addFunction(gpu, notANumber, 'Float')
  }
  for (const { name, shader, script, compute } of wholeNumbers) {
    if (usesShaders(mode)) gpu.addNativeFunction(name, shader)
    else addFunction(gpu, mode === 'webgpu' ? compute : script, 'Integer')
  }
  for (const source of floats) {
    addFunction(
      gpu,
      mode === 'webgpu' ? source.replaceAll(/(\b\w) !== \1\b/g, 'notANumber($1) > 0.5') : source,
      'Float',
    )
  }
}

/** A function whose arguments are all of the type of its result. */
function addFunction(gpu: FunctionTaker, source: string, type: 'Integer' | 'Float'): void {
  const names = /\(([^)]*)\)/.exec(source)![1]!.split(', ')
  gpu.addFunction(source, {
    argumentTypes: Object.fromEntries(names.map((name) => [name, type])),
    returnType: type,
  })
}
