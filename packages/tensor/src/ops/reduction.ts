import type { HostTensor } from '../op.ts'
import { normalizeAxes, stridesOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { disposeTemporary } from './dispose-temporary.ts'
import { reshape } from './reshape.ts'

/** Axes of a reduction, sorted; the reduced axes stay with length 1. */
export interface ReductionAttrs {
  readonly axes: readonly number[]
}

/** What the reductions take. */
export interface ReductionOptions {
  /** One axis, several, or all of them unless said. */
  readonly axis?: number | readonly number[] | undefined
  /** Keeps the reduced axes with length 1; they are removed unless said. */
  readonly keepAxes?: boolean
}

export function reductionAxes(operation: string, rank: number, options: ReductionOptions): readonly number[] {
  return normalizeAxes(operation, options.axis, rank)
}

/** The shape with the reduced axes at length 1. */
export function reducedShape(shape: readonly number[], axes: readonly number[]): readonly number[] {
  return shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
}

/** The shape without the reduced axes. */
export function squeezedShape(shape: readonly number[], axes: readonly number[]): readonly number[] {
  return shape.filter((_, axis) => !axes.includes(axis))
}

/** How many elements are reduced into one. */
export function reducedSize(shape: readonly number[], axes: readonly number[]): number {
  return axes.reduce((size, axis) => size * shape[axis]!, 1)
}

/** The result of a reduction without its reduced axes, unless they are to be kept. */
export function dropAxes(reduced: Tensor, axes: readonly number[], { keepAxes }: ReductionOptions): Tensor {
  return keepAxes ? reduced : disposeTemporary(reduced, reshape(reduced, squeezedShape(reduced.shape, axes)))
}

/** Calls `visit` with the index of each input element and of the output element that it is reduced into. */
export function forEachReduced(
  input: HostTensor,
  axes: readonly number[],
  visit: (inputIndex: number, outputIndex: number) => void,
): void {
  const { shape } = input
  const outputStrides = stridesOf(reducedShape(shape, axes)).map((stride, axis) =>
    axes.includes(axis) ? 0 : stride,
  )
  const index = new Array<number>(shape.length).fill(0)
  let output = 0
  for (let flat = 0; flat < input.data.length; flat++) {
    visit(flat, output)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]! += 1
      output += outputStrides[axis]!
      if (index[axis]! < shape[axis]!) break
      output -= outputStrides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
}
