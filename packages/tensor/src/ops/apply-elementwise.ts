import { ArgumentError } from '../errors/argument-error.ts'
import type { Op } from '../op.ts'
import { broadcastShapes } from '../shape.ts'
import { Tensor } from '../tensor.ts'
import { broadcastTo } from './broadcast-to.ts'
import { full } from './full.ts'

/** A tensor, or a number or boolean that broadcasts to the shape of the other operand. */
export type Operand = Tensor | number | boolean

/** Applies an elementwise op to operands broadcast to one shape; numbers become tensors of the others' dtype. */
export function applyElementwise<Attrs>(op: Op<Attrs>, operands: readonly Operand[], attrs: Attrs): Tensor {
  const operation = op.name.slice(op.name.indexOf('/') + 1)
  const first = operands.find((operand) => operand instanceof Tensor)
  if (!first) {
    throw new ArgumentError({
      operation,
      argument: 'a',
      got: 'is a number, like every other operand',
      expected: 'at least one tensor',
      fix: 'Compute it with plain numbers, or make a tensor with `full(device, [], value)`.',
    })
  }
  const tensors = operands.map((operand) =>
    operand instanceof Tensor
      ? operand
      : full(first.device, [], operand, { dtype: typeof operand === 'boolean' ? 'bool' : first.dtype }),
  )
  const shape = tensors
    .map((tensor) => tensor.shape)
    .reduce((shape, other) => broadcastShapes(operation, shape, other))
  return first.device.applySingle(
    op,
    tensors.map((tensor) => broadcastTo(tensor, shape)),
    attrs,
  )
}

/** Applies an elementwise op of one input. */
export function applyUnary(op: Op<object>, x: Tensor): Tensor {
  return x.device.applySingle(op, [x], {})
}
