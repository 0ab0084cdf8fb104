import {
  add,
  cos,
  div,
  equal,
  exp,
  greater,
  less,
  log,
  mul,
  neg,
  type Operand,
  sin,
  sqrt,
  sub,
  tanh,
  type Tensor,
  where,
} from '@qkv/tensor'
import type { GroupAdapter } from '../adapter.ts'
import type { Computation } from '../check-computation.ts'
import { operationsAdapter } from '../operations-adapter.ts'

const unary =
  (compute: (x: Tensor) => Tensor): Computation =>
  (call) =>
    compute(call.input('x'))

const binary =
  (compute: (a: Operand, b: Operand) => Tensor): Computation =>
  (call) =>
    compute(call.input('a'), call.input('b'))

export const opsElementwise: GroupAdapter = operationsAdapter('ops_elementwise', {
  neg: unary(neg),
  exp: unary(exp),
  log: unary(log),
  sqrt: unary(sqrt),
  sin: unary(sin),
  cos: unary(cos),
  tanh: unary(tanh),
  add: binary(add),
  sub: binary(sub),
  mul: binary(mul),
  div: binary(div),
  eq: binary(equal),
  lt: binary(less),
  gt: binary(greater),
  where: (call) => where(call.input('cond'), call.input('a'), call.input('b')),
})
