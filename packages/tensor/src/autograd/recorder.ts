import { GradientError } from '../errors/gradient-error.ts'
import type { Op } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { Tape } from './tape.ts'

const tapeLimit = 31

/** The tapes that are open on a device, innermost last. */
export class Recorder {
  #tapes: Tape[] = []
  #usedBits = 0
  #recording = 0
  #backward = 0

  /** The bits of the tapes that record just now. */
  get recording(): number {
    return this.#recording
  }

  /** Whether a gradient rule is running: it may read tensors that only a tape still holds. */
  get inBackward(): boolean {
    return this.#backward > 0
  }

  /** Opens a tape that records what depends on `targets`. */
  open(targets: readonly Tensor[]): Tape {
    let bit = 1
    for (let depth = 0; (this.#usedBits & bit) !== 0; depth++, bit <<= 1) {
      if (depth < tapeLimit - 1) continue
      throw new GradientError({
        operation: 'valueAndGrad',
        argument: 'fn',
        got: `is nested ${tapeLimit + 1} deep`,
        expected: `at most ${tapeLimit} nested gradients`,
        fix: 'Take fewer derivatives of derivatives.',
      })
    }
    this.#usedBits |= bit
    const tape = new Tape(bit, targets)
    this.#tapes.push(tape)
    this.#recording |= bit
    return tape
  }

  /** The tape records no more; its marks stay until it is closed. */
  stop(tape: Tape): void {
    this.#tapes = this.#tapes.filter((open) => open !== tape)
    this.#recording &= ~tape.bit
  }

  close(tape: Tape): void {
    this.stop(tape)
    tape.close()
    this.#usedBits &= ~tape.bit
  }

  /** Runs `fn` while no tape records. */
  pause<Result>(fn: () => Result): Result {
    const before = this.#recording
    this.#recording = 0
    try {
      return fn()
    } finally {
      this.#recording = before
    }
  }

  runBackward<Result>(fn: () => Result): Result {
    this.#backward += 1
    try {
      return fn()
    } finally {
      this.#backward -= 1
    }
  }

  /** The tapes that record now and track one of these tensors, as bits. */
  tracking(tensors: readonly Tensor[]): number {
    let tapes = 0
    for (const tensor of tensors) tapes |= tensor.tapes
    return tapes & this.#recording
  }

  /** Adds a call to the tapes in `tapes`, and marks its outputs. */
  record(
    op: Op,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    attrs: unknown,
    scalars: readonly number[],
    tapes: number,
  ): void {
    const node = { op, attrs, scalars, inputs, outputs }
    for (const tape of this.#tapes) if ((tape.bit & tapes) !== 0) tape.record(node)
    for (const output of outputs) if (output.dtype === 'float32') output.tapes |= tapes
  }
}
