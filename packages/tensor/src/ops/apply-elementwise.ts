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
  const temporaries: Tensor[] = []
  const temporary = (tensor: Tensor, source?: Tensor): Tensor => {
    if (tensor !== source) temporaries.push(tensor)
    return tensor
  }
  const tensors = operands.map((operand) => {
    if (operand instanceof Tensor) return operand
    const dtype = typeof operand === 'boolean' ? 'bool' : first.dtype
    return temporary(full(first.device, [], operand, { dtype }))
  })
  const shape = commonShape(operation, tensors)
  const inputs = tensors.map((tensor) => temporary(broadcastTo(tensor, shape), tensor))
  const result = first.device.applySingle(op, inputs, attrs)
  for (const tensor of temporaries) tensor.dispose()
  return result
}

function commonShape(operation: string, tensors: readonly Tensor[]): readonly number[] {
  try {
    return tensors
      .map((tensor) => tensor.shape)
      .reduce((shape, other) => broadcastShapes(operation, shape, other))
  } catch (error) {
    // A refused call consumes nothing.
    for (const tensor of tensors) tensor.donated = false
    throw error
  }
}

/** Applies an elementwise op of one input. */
export function applyUnary(op: Op<object>, x: Tensor): Tensor {
  return x.device.applySingle(op, [x], {})
}
