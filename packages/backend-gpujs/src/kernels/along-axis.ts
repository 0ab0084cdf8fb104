import { sizeOf } from '@qkv/tensor'
import type { DeviceArray } from '../engine/device-array.ts'
import { here, type KernelTable, type Launcher } from '../kernel.ts'

/** Shape around one axis. */
export interface Lines {
  readonly length: number
  /** Elements from one to the next along the axis. */
  readonly inner: number
}

export function linesOf(shape: readonly number[], axis: number): Lines {
  return { length: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) }
}

/** Where the first element of a line is, for the number of the line. */
export function startOfLine({ length, inner }: Lines, line: string): string {
  return inner === 1
    ? `${line} * ${length}`
    : `quotient(${line}, ${inner}) * ${length * inner} + remainder(${line}, ${inner})`
}

/** Of an element: where its line begins, and how far along it is. */
export function lineOfElement({ length, inner }: Lines): { readonly start: string; readonly index: string } {
  const block = `quotient(${here}, ${length * inner}) * ${length * inner}`
  const index = `remainder(quotient(${here}, ${inner}), ${length})`
  return { start: inner === 1 ? block : `${block} + remainder(${here}, ${inner})`, index }
}

const longestPiece = 256

export const alongAxis: KernelTable = {
  'qkv/argmax': {
    run({ inputs: [x], attrs, size }, launcher) {
      const { axis } = attrs as { readonly axis: number }
      const lines = linesOf(x!.shape, axis)
      const first = startOfLine(lines, here)
      const body = `let best = 0; let peak = x0[${first}];
        for (let k = 1; k < ${lines.length}; k++) {
          const value = x0[${first} + k * ${lines.inner}];
          if (comesBefore(value, k, peak, best) > 0.5) { best = k; peak = value; }
        }
        return best;`
      return [launcher.run(body, [x!.array], size)]
    },
  },
  'qkv/cumsum': {
    run({ inputs: [x], attrs, size }, launcher) {
      const { axis, reverse } = attrs as { readonly axis: number; readonly reverse: boolean }
      return [runningTotals(launcher, x!.array, linesOf(x!.shape, axis), size, reverse)]
    },
  },
}

/** Totals within pieces first, then of the pieces before: short loops instead of long ones. */
function runningTotals(
  launcher: Launcher,
  x: DeviceArray,
  lines: Lines,
  size: number,
  reverse: boolean,
): DeviceArray {
  const { length, inner } = lines
  const { start, index } = lineOfElement(lines)
  const reads = (element: string): string =>
    `x0[${start} + ${reverse ? `(${length - 1} - ${element})` : element} * ${inner}]`
  const steps = reverse ? `${length - 1} - ${index}` : index
  if (length <= longestPiece) {
    const body = `let total = 0; const last = ${steps};
      for (let k = 0; k < ${length}; k++) { if (k <= last) { total += ${reads('k')}; } }
      return total;`
    return launcher.run(body, [x], size)
  }
  const pieces = Math.ceil(length / longestPiece)
  const first = startOfLine(lines, `quotient(${here}, ${pieces})`)
  const step = `(remainder(${here}, ${pieces}) * ${longestPiece} + k)`
  const element = reverse ? `(${length - 1} - ${step})` : step
  const sums = launcher.run(
    `let total = 0;
    for (let k = 0; k < ${longestPiece}; k++) { if (${step} < ${length}) { total += x0[${first} + ${element} * ${inner}]; } }
    return total;`,
    [x],
    (size / length) * pieces,
  )
  const line =
    inner === 1
      ? `quotient(${here}, ${length})`
      : `(quotient(${here}, ${length * inner}) * ${inner} + remainder(${here}, ${inner}))`
  const body = `let total = 0; const last = ${steps}; const piece = Math.floor(last / ${longestPiece});
    for (let j = 0; j < ${pieces}; j++) { if (j < piece) { total += x1[${line} * ${pieces} + j]; } }
    for (let k = 0; k < ${longestPiece}; k++) {
      if (piece * ${longestPiece} + k <= last) { total += ${reads(`(piece * ${longestPiece} + k)`)}; }
    }
    return total;`
  return launcher.run(body, [x, sums], size)
}
