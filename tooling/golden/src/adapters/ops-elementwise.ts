import { clamp, elu, leakyRelu, maskedFill, pow, softplus, where } from '@qkv/tensor'
import type { GroupAdapter } from '../adapter.ts'
import type { Computation } from '../check-computation.ts'
import { evaluate } from '../expression/evaluate.ts'
import { operationsAdapter } from '../operations-adapter.ts'
import { optional } from '../optional.ts'
import { binaryFunctions, unaryFunctions } from '../torch-functions.ts'

const unary = Object.entries(unaryFunctions).map(([name, compute]): [string, Computation] => [
  name,
  (call) => compute(call.input('x')),
])

const binary = Object.entries(binaryFunctions).map(([name, compute]): [string, Computation] => [
  name,
  (call) => compute(call.input('a'), call.input('b')),
])

export const opsElementwise: GroupAdapter = operationsAdapter('ops_elementwise', {
  ...Object.fromEntries([...unary, ...binary]),
  leaky_relu: (call) =>
    leakyRelu(call.input('x'), optional({ negativeSlope: call.optionalNumber('negative_slope') })),
  elu: (call) => elu(call.input('x'), optional({ alpha: call.optionalNumber('alpha') })),
  softplus: (call) =>
    softplus(
      call.input('x'),
      optional({ beta: call.optionalNumber('beta'), threshold: call.optionalNumber('threshold') }),
    ),
  clamp: (call) =>
    clamp(call.input('x'), optional({ min: call.optionalNumber('min'), max: call.optionalNumber('max') })),
  pow_scalar: (call) => pow(call.input('x'), call.number('exponent')),
  where: (call) => where(call.input('cond'), call.input('a'), call.input('b')),
  masked_fill: (call) => maskedFill(call.input('x'), call.input('mask'), call.number('value')),
  expr: (call) => evaluate(call.text('expr'), call.inputs),
})
