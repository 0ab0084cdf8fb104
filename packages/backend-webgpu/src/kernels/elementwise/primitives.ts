import type { StorageDType } from '@qkv/tensor'
import { type Formula, formula } from './formula.ts'

/** `a` or `b` by the dtype: floats mind NaN, which integers do not have. */
function byDType(float: string, integer: string): Formula {
  return formula((dtype) => (dtype === 'float32' ? float : integer))
}

export const primitiveFormulas: Readonly<Record<string, Formula>> = {
  'qkv/add': formula('a + b'),
  'qkv/sub': formula('a - b'),
  'qkv/mul': formula('a * b'),
  'qkv/div': formula('a / b'),
  'qkv/pow': formula('power(a, b)'),
  'qkv/maximum': byDType('maximumOf(a, b)', 'max(a, b)'),
  'qkv/minimum': byDType('minimumOf(a, b)', 'min(a, b)'),
  'qkv/equal': byDType('a == b && !isNan(a)', 'a == b'),
  'qkv/less': byDType('a < b && !isNan(a) && !isNan(b)', 'a < b'),
  'qkv/where': { expression: 'select(c, b, a != 0)', moves: true },
  'qkv/neg': formula('-a'),
  'qkv/exp': formula('exponential(a)'),
  'qkv/log': formula('logarithm(a)'),
  'qkv/sqrt': formula('sqrt(a)'),
  'qkv/sin': formula('sine(a)'),
  'qkv/cos': formula('cosine(a)'),
  'qkv/tanh': formula('hyperbolicTangent(a)'),
  'qkv/erf': formula('errorFunction(a)'),
  'qkv/floor': formula('floor(a)'),
  'qkv/cast': formula((dtype, attrs) =>
    castExpression(dtype, (attrs as { readonly dtype: StorageDType }).dtype),
  ),
}

function castExpression(from: StorageDType, to: StorageDType): string {
  if (to === 'bool') return from === 'float32' ? 'a != 0.0 || isNan(a)' : 'a != 0'
  if (to === 'float32') return from === 'float32' ? 'a' : 'f32(a)'
  return from === 'float32' ? 'toInteger(a)' : 'a'
}
