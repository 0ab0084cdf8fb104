import { sizeOf } from '@qkv/tensor'
import type { DeviceArray } from '../engine/device-array.ts'
import { here, type KernelTable, type Launcher } from '../kernel.ts'
import { type Lines, linesOf, lineOfElement, startOfLine } from './along-axis.ts'
import { join } from './movement.ts'

/** Up to so many are found one after the other; the ranks of all elements take more work, but no longer for more of them. */
const mostOneByOne = 32
/** Elements that one thread looks at. */
const pieceLength = 64

export const topK: KernelTable = {
  'qkv/topK': {
    run({ inputs: [x], attrs, outputs: [spec] = [], size }, launcher) {
      const { axis, k } = attrs as { readonly axis: number; readonly k: number }
      const lines = linesOf(x!.shape, axis)
      const wanted = linesOf(spec!.shape, axis)
      const indices =
        k <= mostOneByOne
          ? oneByOne(launcher, x!.array, lines, sizeOf(x!.shape), k)
          : byRank(launcher, x!.array, lines, wanted, size)
      const start = startOfBlock(lines, wanted)
      const values = launcher.run(
        `return x0[${start} + x1[${here}] * ${lines.inner}];`,
        [x!.array, indices],
        size,
      )
      return [values, indices]
    },
  },
}

/** Of a result: where the line of the input begins that it is from. */
function startOfBlock(lines: Lines, wanted: Lines): string {
  const block = `quotient(${here}, ${wanted.length * wanted.inner}) * ${lines.length * lines.inner}`
  return lines.inner === 1 ? block : `${block} + remainder(${here}, ${lines.inner})`
}

/** Each is the first of those that come after the one before: larger numbers first, then smaller indices, NaN before all. */
function oneByOne(launcher: Launcher, x: DeviceArray, lines: Lines, size: number, k: number): DeviceArray {
  const count = size / lines.length
  const found: DeviceArray[] = []
  for (let rank = 0; rank < k; rank++) found.push(next(launcher, x, lines, count, found.at(-1)))
  const parts = found.map((array) => ({ array, length: lines.inner }))
  return join(launcher, parts, count / lines.inner)
}

function next(
  launcher: Launcher,
  x: DeviceArray,
  lines: Lines,
  count: number,
  previous: DeviceArray | undefined,
): DeviceArray {
  const { length, inner } = lines
  const pieces = Math.ceil(length / pieceLength)
  const line = `quotient(${here}, ${pieces})`
  const index = `(remainder(${here}, ${pieces}) * ${pieceLength} + k)`
  const candidates = launcher.run(
    `let best = -1; let peak = 0;
    ${previous ? `const last = x1[${line}]; const lastValue = x0[${startOfLine(lines, line)} + x1[${line}] * ${inner}];` : ''}
    for (let k = 0; k < ${pieceLength}; k++) {
      if (${index} < ${length}) {
        const value = x0[${startOfLine(lines, line)} + ${index} * ${inner}];
        const free = ${previous ? `comesBefore(lastValue, last, value, ${index})` : '1'};
        if (free > 0.5) {
          if (best < 0) { best = ${index}; peak = value; }
          if (comesBefore(value, ${index}, peak, best) > 0.5) { best = ${index}; peak = value; }
        }
      }
    }
    return best;`,
    previous ? [x, previous] : [x],
    count * pieces,
  )
  const own = startOfLine(lines, here)
  return launcher.run(
    `let best = -1; let peak = 0;
    for (let k = 0; k < ${pieces}; k++) {
      const index = x1[${here} * ${pieces} + k];
      if (index >= 0) {
        const value = x0[${own} + index * ${inner}];
        if (best < 0) { best = index; peak = value; }
        if (comesBefore(value, index, peak, best) > 0.5) { best = index; peak = value; }
      }
    }
    return best;`,
    [x, candidates],
    count,
  )
}

/** The element whose rank it is: how many elements of its line come before it. */
function byRank(launcher: Launcher, x: DeviceArray, lines: Lines, wanted: Lines, size: number): DeviceArray {
  const { start, index } = lineOfElement(lines)
  const ranks = launcher.run(
    `let rank = 0; const own = x0[${here}]; const place = ${index};
    for (let k = 0; k < ${lines.length}; k++) { rank += comesBefore(x0[${start} + k * ${lines.inner}], k, own, place); }
    return rank;`,
    [x],
    x.length,
  )
  const line = lineOfElement(wanted)
  return launcher.run(
    `let found = 0;
    for (let k = 0; k < ${lines.length}; k++) {
      if (x0[${startOfBlock(lines, wanted)} + k * ${lines.inner}] === ${line.index}) { found = k; }
    }
    return found;`,
    [ranks],
    size,
  )
}
