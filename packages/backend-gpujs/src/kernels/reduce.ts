import { sizeOf, stridesOf } from '@qkv/tensor'
import type { DeviceArray } from '../engine/device-array.ts'
import { here, type Kernel, type KernelTable, type Launcher } from '../kernel.ts'
import { placeOf } from '../place.ts'

/** How numbers are brought together: from a start, one after the other. */
interface Combination {
  readonly start: string
  /** The next `total`, of `total` and `value`. */
  readonly step: string
}

type Reduction = 'sum' | 'max'

const combinations: Readonly<Record<Reduction, Combination>> = {
  sum: { start: '0', step: 'total + value' },
  max: { start: 'first', step: 'larger(total, value)' },
}

/** Longer ones are cut into pieces, each with a thread of its own: quicker, and rounded less. */
const longestPiece = 256

export const reduce: KernelTable = {
  'qkv/sum': reduction('sum'),
  'qkv/max': reduction('max'),
}

function reduction(kind: Reduction): Kernel {
  return {
    run({ inputs: [x], attrs, size }, launcher) {
      const { axes } = attrs as { readonly axes: readonly number[] }
      return [reduceAxes(launcher, kind, x!.array, x!.shape, axes, size)]
    },
  }
}

/** Reduces some axes of a dense array. */
export function reduceAxes(
  launcher: Launcher,
  kind: Reduction,
  x: DeviceArray,
  shape: readonly number[],
  axes: readonly number[],
  size: number,
): DeviceArray {
  const strides = stridesOf(shape)
  const part = (reduced: boolean): { readonly lengths: number[]; readonly steps: number[] } => {
    const chosen = shape.map((_, axis) => axis).filter((axis) => axes.includes(axis) === reduced)
    return { lengths: chosen.map((axis) => shape[axis]!), steps: chosen.map((axis) => strides[axis]!) }
  }
  const kept = part(false)
  const reduced = part(true)
  const length = sizeOf(reduced.lengths)
  const place = (output: string, element: string): string => {
    const outer = placeOf(output, kept.lengths, { strides: kept.steps, offset: 0 })
    const inner = placeOf(element, reduced.lengths, { strides: reduced.steps, offset: 0 })
    return [outer, inner].filter((term) => term !== '0').join(' + ') || '0'
  }
  if (length <= longestPiece) {
    return launcher.run(
      combine(kind, length, (element) => place(here, element)),
      [x],
      size,
    )
  }
  const pieces = Math.ceil(length / longestPiece)
  const parts = launcher.run(
    combine(
      kind,
      longestPiece,
      (element) => place(`quotient(${here}, ${pieces})`, `(${pieceOf(pieces)} + ${element})`),
      `${pieceOf(pieces)} + k < ${length}`,
    ),
    [x],
    size * pieces,
  )
  return reduceAxes(launcher, kind, parts, [size, pieces], [1], size)
}

function pieceOf(pieces: number): string {
  return `remainder(${here}, ${pieces}) * ${longestPiece}`
}

/** A loop over `k`, the number of the element; elements for which `inside` does not hold are left out. */
function combine(
  kind: Reduction,
  length: number,
  place: (element: string) => string,
  inside?: string,
): string {
  const { start, step } = combinations[kind]
  const update = `const value = x0[${place('k')}]; total = ${step};`
  return [
    start === 'first' ? `let total = x0[${place('0')}];` : `let total = ${start};`,
    `for (let k = 0; k < ${length}; k++) {`,
    inside === undefined ? update : `if (${inside}) { ${update} }`,
    '} return total;',
  ].join(' ')
}
