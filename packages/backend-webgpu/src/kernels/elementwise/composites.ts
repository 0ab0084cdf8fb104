import { type Formula, formula } from './formula.ts'

/** Composites of one formula: the core decomposes the others. */
export const compositeFormulas: Readonly<Record<string, Formula>> = {
  'qkv/abs': formula('abs(a)'),
  'qkv/ceil': formula('ceil(a)'),
  'qkv/clamp': clamp(),
  'qkv/dropout': {
    // An element of randomUniform is its word in steps of 2^-24, which the rate is rounded up to.
    expression:
      'select(a * parameters.scale, 0.0, randomWord(index, u32(parameters.keyLow), u32(parameters.keyHigh)) < u32(parameters.dropped))',
    parameters: ['scale', 'dropped', 'keyLow', 'keyHigh'],
    values: ({ rate }: { readonly rate: number }, [low, high]) => [
      1 / (1 - rate),
      Math.ceil(rate * 2 ** 24),
      low!,
      high!,
    ],
  },
  'qkv/elu': {
    expression: 'select(parameters.alpha * exponentialMinusOne(a), a, a > 0.0)',
    parameters: ['alpha'],
    values: ({ alpha }: { readonly alpha: number }) => [alpha],
  },
  'qkv/expm1': formula('exponentialMinusOne(a)'),
  'qkv/gelu': formula('gelu(a)'),
  'qkv/geluBackward': formula('b * geluSlope(a)'),
  'qkv/geluTanh': formula('geluTanh(a)'),
  'qkv/geluTanhBackward': formula('b * geluTanhSlope(a)'),
  'qkv/leakyRelu': {
    expression: 'select(a * parameters.slope, a, a > 0.0)',
    parameters: ['slope'],
    values: ({ negativeSlope }: { readonly negativeSlope: number }) => [negativeSlope],
  },
  'qkv/lessEqual': formula((dtype) => (dtype === 'float32' ? 'a <= b && !isNan(a) && !isNan(b)' : 'a <= b')),
  'qkv/log1p': formula('logarithmOfOnePlus(a)'),
  'qkv/logicalAnd': formula('a != 0 && b != 0'),
  'qkv/logicalNot': formula('a == 0'),
  'qkv/logicalOr': formula('a != 0 || b != 0'),
  'qkv/logSigmoid': formula('logSigmoid(a)'),
  'qkv/mish': formula('a * hyperbolicTangent(softplus(a, 1.0, 20.0))'),
  'qkv/notEqual': formula((dtype) => (dtype === 'float32' ? 'a != b || isNan(a) || isNan(b)' : 'a != b')),
  'qkv/reciprocal': formula('1.0 / a'),
  'qkv/relu': formula('relu(a)'),
  'qkv/round': formula('round(a)'),
  'qkv/rsqrt': formula('1.0 / sqrt(a)'),
  'qkv/sigmoid': formula('sigmoid(a)'),
  'qkv/sign': formula((dtype) =>
    dtype === 'float32' ? 'select(select(a, -1.0, a < 0.0), 1.0, a > 0.0)' : 'sign(a)',
  ),
  'qkv/silu': formula('silu(a)'),
  'qkv/siluBackward': formula('b * siluSlope(a)'),
  'qkv/softplus': {
    expression: 'softplus(a, parameters.beta, parameters.threshold)',
    parameters: ['beta', 'threshold'],
    values: ({ beta, threshold }: { readonly beta: number; readonly threshold: number }) => [beta, threshold],
  },
  'qkv/square': formula('a * a'),
}

interface ClampAttrs {
  readonly min?: number
  readonly max?: number
}

function clamp(): Formula {
  return {
    expression(_, attrs) {
      const { min, max } = attrs as ClampAttrs
      const raised = min === undefined ? 'a' : 'maximumOf(a, parameters.min)'
      return max === undefined ? raised : `minimumOf(${raised}, parameters.max)`
    },
    parameters: ['min', 'max'],
    values: ({ min = 0, max = 0 }: ClampAttrs) => [min, max],
    floatsOnly: true,
  }
}
