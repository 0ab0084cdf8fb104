import type { Device } from '../device.ts'
import type { DType } from '../dtype.ts'
import { ArgumentError } from '../errors/argument-error.ts'
import type { Op } from '../op.ts'
import { broadcastShapes, sameShape } from '../shape.ts'
import { Tensor } from '../tensor.ts'
import { broadcastTo } from './broadcast-to.ts'
import { full } from './full.ts'

/** A tensor, or a number or boolean that broadcasts to the shape of the other operand. */
export type Operand = Tensor | number | boolean

/** Applies an elementwise op to operands broadcast to one shape; numbers become tensors of the first one's dtype. */
export function applyElementwise<Attrs>(op: Op<Attrs>, operands: readonly Operand[], attrs: Attrs): Tensor {
  return applyBroadcast(op, operands, attrs, (operand, dtype) =>
    typeof operand === 'boolean' ? 'bool' : dtype,
  )
}

/** The same; `dtypeOf` says what a number becomes, from the dtype of the first tensor. */
export function applyBroadcast<Attrs>(
  op: Op<Attrs>,
  operands: readonly Operand[],
  attrs: Attrs,
  dtypeOf: (operand: number | boolean, dtype: DType) => DType,
): Tensor {
  if (haveOneShape(operands)) return operands[0]!.device.applySingle(op, operands, attrs)
  const operation = op.name.slice(op.name.indexOf('/') + 1)
  const { device, shape, dtype } = broadcastOperands(operation, operands)
  const inputs: Tensor[] = []
  for (const operand of operands) {
    inputs.push(
      operand instanceof Tensor
        ? broadcastTo(operand, shape)
        : full(device, shape, operand, { dtype: dtypeOf(operand, dtype) }),
    )
  }
  const result = device.applySingle(op, inputs, attrs)
  for (let index = 0; index < inputs.length; index++) {
    if (inputs[index] !== operands[index]) inputs[index]!.dispose()
  }
  return result
}

function haveOneShape(operands: readonly Operand[]): operands is readonly Tensor[] {
  const [first] = operands
  if (!(first instanceof Tensor)) return false
  for (const operand of operands) {
    if (!(operand instanceof Tensor) || !sameShape(operand.shape, first.shape)) return false
  }
  return true
}

/** The shape that the tensors among the operands broadcast to, and the device and dtype of the first one. */
function broadcastOperands(
  operation: string,
  operands: readonly Operand[],
): { readonly device: Device; readonly shape: readonly number[]; readonly dtype: DType } {
  let first: Tensor | undefined
  let shape: readonly number[] = []
  try {
    for (const operand of operands) {
      if (!(operand instanceof Tensor)) continue
      shape = first ? broadcastShapes(operation, shape, operand.shape) : operand.shape
      first ??= operand
    }
  } catch (error) {
    // A refused call consumes nothing.
    for (const operand of operands) if (operand instanceof Tensor) operand.donated = false
    throw error
  }
  if (first) return { device: first.device, shape, dtype: first.dtype }
  throw new ArgumentError({
    operation,
    argument: 'a',
    got: 'is a number, like every other operand',
    expected: 'at least one tensor',
    fix: 'Compute it with plain numbers, or make a tensor with `full(device, [], value)`.',
  })
}

/** Applies an elementwise op of one input. */
export function applyUnary(op: Op<object>, x: Tensor): Tensor {
  return x.device.applySingle(op, [x], {})
}
