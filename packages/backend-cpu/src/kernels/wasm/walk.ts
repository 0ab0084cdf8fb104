import { isContiguous, type OpCall, sizeOf } from '@qkv/tensor'
import type { SplitKernel } from '../../threads/team.ts'
import { inputBuffer } from '../../kernel.ts'
import type { Arena } from '../../memory/arena.ts'
import type { Heap } from '../../memory/heap.ts'
import { mergeAxes, type MergedAxes, outerCount } from '../../merge-axes.ts'
import type { Wasm } from '../../wasm/wasm.ts'

/** Where a tensor lies: the byte of its first element, its strides in elements, and the bytes of an element. */
export interface Operand {
  readonly address: number
  readonly strides: readonly number[]
  readonly width: number
}

/** A kernel of assembly/ that goes through operands as a description in memory says. */
export type WalkKernel = SplitKernel<[walk: number]>

// The words of a description are those of assembly/walk.ts.
const operandWord = 4
const axesWord = 16
const wordsPerAxis = 5
/** The columns of a unit. */
const piece = 1024
/** Elements that take some ten microseconds. */
const leastElements = 65_536

/** The operand that an input is. */
export function operandOf(call: OpCall, index: number, width: number): Operand {
  const { layout } = call.inputs[index]!
  return { address: inputBuffer(call, index).address + layout.offset * width, strides: layout.strides, width }
}

/** Bytes that the description of a walk takes. */
export function walkBytes(rank: number): number {
  return 4 * (axesWord + wordsPerAxis * rank)
}

/** Runs a kernel over all elements of operands of one shape, shared between threads. */
export function splitWalk(
  { team }: Wasm,
  arena: Arena,
  kernel: WalkKernel,
  shape: readonly number[],
  operands: readonly Operand[],
): void {
  const size = sizeOf(shape)
  if (size === 0) return
  const walk = arena.scratch(walkBytes(shape.length))
  const merged = mergeOperands(shape, size, operands)
  writeWalk(arena.heap, walk, merged, operands)
  const columns = merged.shape.at(-1)!
  const units = (size / columns) * Math.ceil(columns / piece)
  team.split(kernel, units, Math.ceil(leastElements / Math.min(columns, piece)), walk)
}

/** One row, where each operand is dense or one number, which is most calls; else what the strides allow. */
function mergeOperands(shape: readonly number[], size: number, operands: readonly Operand[]): MergedAxes {
  const steps: (readonly number[])[] = []
  for (const { strides } of operands) {
    if (isContiguous(shape, strides)) steps.push(denseSteps)
    else if (strides.every((stride) => stride === 0)) steps.push(repeatedSteps)
    else
      return mergeAxes(
        shape,
        operands.map((operand) => operand.strides),
      )
  }
  return { shape: [1, size], strides: steps }
}

const denseSteps = [0, 1]
const repeatedSteps = [0, 0]

/** Writes the description of operands whose axes are merged to a byte. */
export function writeWalk(
  heap: Heap,
  address: number,
  { shape, strides }: MergedAxes,
  operands: readonly Operand[],
): void {
  const words = heap.int32
  const first = address / 4
  const row = shape.length - 2
  words[first] = shape[row]!
  words[first + 1] = shape[row + 1]!
  words[first + 2] = row
  words[first + 3] = outerCount(shape)
  words.fill(0, first + operandWord, first + axesWord)
  for (let index = 0; index < operands.length; index++) {
    const { address: start, width } = operands[index]!
    const own = strides[index]!
    const place = first + operandWord + 3 * index
    words[place] = start
    words[place + 1] = own[row]! * width
    words[place + 2] = own[row + 1]! * width
    for (let axis = 0; axis < row; axis++) {
      words[first + axesWord + wordsPerAxis * (row - 1 - axis) + 1 + index] = own[axis]! * width
    }
  }
  for (let axis = 0; axis < row; axis++) {
    words[first + axesWord + wordsPerAxis * (row - 1 - axis)] = shape[axis]!
  }
}
