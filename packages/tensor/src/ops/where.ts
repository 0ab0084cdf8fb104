import type { PrimitiveOp } from '../op.ts'
import { broadcastShapes } from '../shape.ts'
import { Tensor } from '../tensor.ts'
import { applyBroadcast, type Operand } from './apply-elementwise.ts'
import { checkDType } from './check-dtype.ts'

export const whereOp: PrimitiveOp<object> = {
  name: 'qkv/where',
  kind: 'primitive',
  infer([condition, a, b]) {
    checkDType('where', 'condition', condition!, ['bool'])
    checkDType('where', 'b', b!, [a!.dtype as 'float32'])
    const shape = broadcastShapes('where', a!.shape, b!.shape)
    return [{ shape: broadcastShapes('where', condition!.shape, shape), dtype: a!.dtype }]
  },
  reference({ inputs: [condition, a, b], outputs: [out] }) {
    const target = out!.data
    for (let index = 0; index < target.length; index++) {
      target[index] = condition!.data[index] ? a!.data[index]! : b!.data[index]!
    }
  },
  vjp({ inputs: [condition], gradient, needs }) {
    return [
      undefined,
      needs[1] ? where(condition!, gradient, 0) : undefined,
      needs[2] ? where(condition!, 0, gradient) : undefined,
    ]
  },
  saves: { inputs: [0], outputs: [] },
  samples: [
    {
      inputs: [{ shape: [2, 3], dtype: 'bool', range: [0, 2] }, { shape: [2, 3] }, { shape: [2, 3] }],
      attrs: {},
    },
    {
      inputs: [
        { shape: [4], dtype: 'bool', range: [0, 2] },
        { shape: [4], dtype: 'int32', range: [-5, 6] },
        { shape: [4], dtype: 'int32', range: [-5, 6] },
      ],
      attrs: {},
    },
  ],
}

/**
 * Takes `a` where the condition holds and `b` elsewhere; shapes broadcast. No gradient passes through the
 * operand that was not taken, not even a `NaN`.
 *
 * @example
 * const masked = where(keep, scores, -Infinity)
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const known = a instanceof Tensor ? a : b instanceof Tensor ? b : undefined
  return applyBroadcast(
    whereOp,
    [condition, a, b],
    {},
    (operand) => known?.dtype ?? (typeof operand === 'boolean' ? 'bool' : 'float32'),
  )
}
