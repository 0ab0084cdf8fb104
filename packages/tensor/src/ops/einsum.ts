import { ArgumentError } from '../errors/argument-error.ts'
import { sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { broadcastTo } from './broadcast-to.ts'
import { checkDType } from './check-dtype.ts'
import { parseEinsum } from './einsum-equation.ts'
import { matmul } from './matmul.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { slice } from './slice.ts'
import { sum } from './sum.ts'
import { transpose } from './transpose.ts'

/** A tensor with a label per axis. */
interface Labelled {
  readonly tensor: Tensor
  readonly labels: readonly string[]
}

/**
 * Einstein summation: axes with the same letter are matched, and summed over unless the result names them. `...` stands
 * for further axes, which broadcast; without `->` the result has the letters that occur once, in alphabetical order.
 * A letter twice in one term takes the diagonal. Operands are contracted from left to right, by matrix products.
 *
 * Throws an `ArgumentError` for a malformed equation and a `ShapeError` when axes with one letter differ in length.
 *
 * @example
 * const scores = einsum('bhqd,bhkd->bhqk', query, key) // [batch, heads, query, key]
 */
export function einsum(equation: string, ...tensors: readonly Tensor[]): Tensor {
  const first = tensors[0]
  if (!first) {
    throw new ArgumentError({
      operation: 'einsum',
      argument: 'tensors',
      got: 'is empty',
      expected: 'at least one tensor',
      fix: 'Give one tensor for each term of the equation.',
    })
  }
  tensors.forEach((tensor, index) => checkDType('einsum', `tensor ${index}`, tensor.spec, ['float32']))
  const { operands, output, lengths } = parseEinsum(
    equation,
    tensors.map(({ shape }) => shape),
  )
  return first.device.scoped(() => {
    const terms = tensors.map((tensor, index) => takeDiagonals(expand(tensor, operands[index]!, lengths)))
    const total = terms.reduce((product, term, index) => {
      const wanted = new Set([...output, ...terms.slice(index + 1).flatMap(({ labels }) => labels)])
      return contract(product, term, wanted)
    })
    return arrange(sumOver(total, new Set(output)), output)
  })
}

/** Broadcasts the axes of an ellipsis; all others have their length already. */
function expand(tensor: Tensor, labels: readonly string[], lengths: ReadonlyMap<string, number>): Labelled {
  const shape = labels.map((label) => lengths.get(label)!)
  return { tensor: broadcastTo(tensor, shape), labels }
}

/** Replaces two axes with one label by their diagonal, until no label repeats. */
function takeDiagonals({ tensor, labels }: Labelled): Labelled {
  const second = labels.findIndex((label, axis) => labels.indexOf(label) !== axis)
  if (second < 0) return { tensor, labels }
  const label = labels[second]!
  const others = labels.flatMap((_, axis) =>
    axis === second || axis === labels.indexOf(label) ? [] : [axis],
  )
  const length = tensor.shape[second]!
  const square = transpose(tensor, { order: [...others, labels.indexOf(label), second] })
  const flat = reshape(square, [...square.shape.slice(0, -2), length * length])
  const diagonal = slice(flat, [...others.map(() => ({})), { step: length + 1, size: length }])
  return takeDiagonals({ tensor: diagonal, labels: [...others.map((axis) => labels[axis]!), label] })
}

/** Multiplies two operands and sums over the labels that nobody wants any more. */
function contract(a: Labelled, b: Labelled, wanted: ReadonlySet<string>): Labelled {
  const left = sumOver(a, new Set([...wanted, ...b.labels]))
  const right = sumOver(b, new Set([...wanted, ...a.labels]))
  const shared = left.labels.filter((label) => right.labels.includes(label))
  const batch = shared.filter((label) => wanted.has(label))
  const inner = shared.filter((label) => !wanted.has(label))
  const rows = left.labels.filter((label) => !shared.includes(label))
  const columns = right.labels.filter((label) => !shared.includes(label))
  const labels = [...batch, ...rows, ...columns]
  if (inner.length === 0) {
    // An axis of length 1 where the other operand has a label of its own.
    const leftTensor = arrange(left, [...batch, ...rows])
    const rightTensor = arrange(right, [...batch, ...columns])
    const batchShape = leftTensor.shape.slice(0, batch.length)
    const spread = reshape(leftTensor, [...leftTensor.shape, ...columns.map(() => 1)])
    const other = reshape(rightTensor, [
      ...batchShape,
      ...rows.map(() => 1),
      ...rightTensor.shape.slice(batch.length),
    ])
    return { tensor: mul(spread, other), labels }
  }
  const leftTensor = arrange(left, [...batch, ...rows, ...inner])
  const rightTensor = arrange(right, [...batch, ...inner, ...columns])
  const batchShape = leftTensor.shape.slice(0, batch.length)
  const rowShape = leftTensor.shape.slice(batch.length, batch.length + rows.length)
  const columnShape = rightTensor.shape.slice(batch.length + inner.length)
  const innerSize = sizeOf(leftTensor.shape.slice(batch.length + rows.length))
  const product = matmul(
    reshape(leftTensor, [...batchShape, sizeOf(rowShape), innerSize]),
    reshape(rightTensor, [...batchShape, innerSize, sizeOf(columnShape)]),
  )
  return { tensor: reshape(product, [...batchShape, ...rowShape, ...columnShape]), labels }
}

function sumOver({ tensor, labels }: Labelled, wanted: ReadonlySet<string>): Labelled {
  const axis = labels.flatMap((label, index) => (wanted.has(label) ? [] : [index]))
  if (axis.length === 0) return { tensor, labels }
  return { tensor: sum(tensor, { axis }), labels: labels.filter((label) => wanted.has(label)) }
}

/** The tensor with its axes in the order of `labels`. */
function arrange({ tensor, labels }: Labelled, order: readonly string[]): Tensor {
  if (order.every((label, axis) => labels[axis] === label)) return tensor
  return transpose(tensor, { order: order.map((label) => labels.indexOf(label)) })
}
