import { ShapeError } from '../errors/shape-error.ts'
import type { HostTensor, PrimitiveOp } from '../op.ts'
import { broadcastShapes, formatShape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { broadcastTo } from './broadcast-to.ts'
import { checkDType } from './check-dtype.ts'
import { disposeTemporary } from './dispose-temporary.ts'
import { reshape } from './reshape.ts'
import { transpose } from './transpose.ts'

/** Both inputs have the same leading axes; the core broadcasts them. */
export const matmulOp: PrimitiveOp<object> = {
  name: 'qkv/matmul',
  kind: 'primitive',
  infer([a, b]) {
    checkDType('matmul', 'a', a!, ['float32'])
    checkDType('matmul', 'b', b!, ['float32'])
    const lead = broadcastShapes('matmul', a!.shape.slice(0, -2), b!.shape.slice(0, -2))
    return [{ shape: [...lead, a!.shape.at(-2)!, b!.shape.at(-1)!], dtype: 'float32' }]
  },
  reference({ inputs: [a, b], outputs: [out] }) {
    const rows = a!.shape.at(-2)!
    const inner = a!.shape.at(-1)!
    const columns = b!.shape.at(-1)!
    const products = rows * columns === 0 ? 0 : out!.data.length / (rows * columns)
    for (let index = 0; index < products; index++) {
      multiply(a!, b!, out!, index, rows, inner, columns)
    }
  },
  vjp({ inputs: [a, b], gradient, needs }) {
    return [
      needs[0] ? matmul(gradient, transpose(b!)) : undefined,
      needs[1] ? matmul(transpose(a!), gradient) : undefined,
    ]
  },
  saves: { outputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [3, 4] }], attrs: {} },
    { inputs: [{ shape: [2, 2, 3] }, { shape: [2, 3, 1] }], attrs: {} },
    { inputs: [{ shape: [2, 0] }, { shape: [0, 3] }], attrs: {} },
    { inputs: [{ shape: [0, 2] }, { shape: [2, 3] }], attrs: {} },
  ],
}

function multiply(
  a: HostTensor,
  b: HostTensor,
  out: HostTensor,
  index: number,
  rows: number,
  inner: number,
  columns: number,
): void {
  const startA = index * rows * inner
  const startB = index * inner * columns
  const startOut = index * rows * columns
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let total = 0
      for (let step = 0; step < inner; step++) {
        total += a.data[startA + row * inner + step]! * b.data[startB + step * columns + column]!
      }
      out.data[startOut + row * columns + column] = total
    }
  }
}

/**
 * Matrix product over the last two axes, `[..., rows, inner]` by `[..., inner, columns]`; leading axes broadcast.
 * Throws a `ShapeError` when the inner lengths differ or an input is not at least a matrix.
 *
 * @example
 * const scores = matmul(query, transpose(key)) // [batch, heads, query, key]
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  checkMatrices(a, b)
  const { device } = a
  if (a.rank === 2 && b.rank === 2) return device.applySingle(matmulOp, [a, b], {})
  // One product of all rows is faster than many small ones, and the gradient of `b` needs no sum over batches.
  if (b.rank === 2) {
    const rows = reshape(a, [sizeOf(a.shape.slice(0, -1)), a.shape.at(-1)!])
    const flat = device.applySingle(matmulOp, [rows, b], {})
    rows.dispose()
    return disposeTemporary(flat, reshape(flat, [...a.shape.slice(0, -1), b.shape[1]!]))
  }
  const lead = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2))
  const left = broadcastTo(a, [...lead, ...a.shape.slice(-2)])
  const right = broadcastTo(b, [...lead, ...b.shape.slice(-2)])
  const product = device.applySingle(matmulOp, [left, right], {})
  if (left !== a) left.dispose()
  if (right !== b) right.dispose()
  return product
}

function checkMatrices(a: Tensor, b: Tensor): void {
  for (const [argument, tensor] of [
    ['a', a],
    ['b', b],
  ] as const) {
    if (tensor.rank >= 2) continue
    throw new ShapeError({
      operation: 'matmul',
      argument,
      got: `has shape ${formatShape(tensor.shape)}`,
      expected: 'at least two axes',
      fix: 'Add an axis with `reshape`, for example [1, length] for a row.',
    })
  }
  const inner = a.shape.at(-1)!
  if (b.shape.at(-2) === inner) return
  throw new ShapeError({
    operation: 'matmul',
    argument: 'b',
    got: `has shape ${formatShape(b.shape)}`,
    expected: `[..., ${inner}, columns]: its second-last axis must equal the last axis of 'a' ${formatShape(a.shape)}`,
    fix: b.shape.at(-1) === inner ? "Did you mean to transpose 'b'?" : 'Check which axis is multiplied away.',
  })
}
