import type { Heap } from '../../../memory/heap.ts'
import type { Operand } from '../../attention/plan.ts'

/** How many bytes a plan has room for, and how many of them are for its words; its operands lie behind those. */
export const planBytes = 1024
const wordBytes = 512

/** Writes the words of a plan, one after the other, and its operands behind them. */
export class PlanWriter {
  readonly #heap: Heap
  #word: number
  #operand: number

  /** For a plan at the address `base`. */
  constructor(heap: Heap, base: number) {
    this.#heap = heap
    this.#word = base / 4
    this.#operand = (base + wordBytes) / 4
  }

  int(word: number): void {
    this.#heap.int32[this.#word++] = word
  }

  float(value: number): void {
    this.#heap.float32[this.#word++] = value
  }

  /** The address of an operand, 0 for none; its elements take `width` bytes. */
  operand(operand: Operand | undefined, width = 4): void {
    this.int(operand ? 4 * this.#operand : 0)
    if (!operand) return
    const { int32 } = this.#heap
    const { start, strides } = operand
    int32[this.#operand] = start * width
    for (let axis = 0; axis < 4; axis++) int32[this.#operand + 1 + axis] = strides[axis]! * width
    this.#operand += 5
  }
}
