import { ArgumentError, sizeOf } from '@qkv/tensor'
import type { DeviceArray } from '../engine/device-array.ts'
import { numberOutside } from '../integer-range.ts'
import { here, type Input, type KernelTable, type Launcher } from '../kernel.ts'

export const indexing: KernelTable = {
  'qkv/gather': {
    run({ inputs: [x, indices], attrs, size }, launcher) {
      const { axis } = attrs as { readonly axis: number }
      const length = x!.shape[axis]!
      const inner = sizeOf(x!.shape.slice(axis + 1))
      const count = sizeOf(indices!.shape)
      checkRange('gather', indices!, length)
      const index = clamped(`x1[remainder(quotient(${here}, ${inner}), ${count})]`, length)
      const place = `(quotient(${here}, ${inner * count}) * ${length} + ${index}) * ${inner} + remainder(${here}, ${inner})`
      return [launcher.run(`return x0[${place}];`, [x!.array, indices!.array], size)]
    },
  },
  'qkv/scatterAdd': {
    run({ inputs: [updates, indices], attrs, size }, launcher) {
      const { axis, length } = attrs as { readonly axis: number; readonly length: number }
      checkRange('scatterAdd', indices!, length)
      const inner = sizeOf(updates!.shape.slice(axis + indices!.shape.length))
      const count = sizeOf(indices!.shape)
      const { order, starts } = sortIndices(launcher, indices!, count, length)
      const target = `remainder(quotient(${here}, ${inner}), ${length})`
      const block = `quotient(${here}, ${inner * length}) * ${count * inner} + remainder(${here}, ${inner})`
      // Indices are sorted without changing the order of equal ones: updates add up as in the reference.
      const body = `let total = 0;
        const first = x2[${target}]; const own = x2[${target} + 1] - first;
        for (let k = 0; k < own; k++) { total += x0[${block} + x1[first + k] * ${inner}]; }
        return total;`
      return [launcher.run(body, [updates!.array, order, starts], size)]
    },
  },
}

/** The order that sorts indices, moved inside as `gather` moves them, and where each begins in it: `[count]` and `[length + 1]`. */
function sortIndices(
  launcher: Launcher,
  { array, range }: Input,
  count: number,
  length: number,
): { readonly order: DeviceArray; readonly starts: DeviceArray } {
  // What is known to be inside is read as it is.
  const inside = (index: string): string => (range ? index : clamped(index, length))
  const places = launcher.run(
    `let place = 0; const own = ${inside(`x0[${here}]`)};
    for (let k = 0; k < ${count}; k++) {
      const other = ${inside('x0[k]')};
      if (other < own) { place += 1; }
      if (other === own && k < ${here}) { place += 1; }
    }
    return place;`,
    [array],
    count,
  )
  const order = launcher.run(
    `let found = 0; for (let k = 0; k < ${count}; k++) { if (x0[k] === ${here}) { found = k; } } return found;`,
    [places],
    count,
  )
  const starts = launcher.run(
    `let smaller = 0; for (let k = 0; k < ${count}; k++) { if (${inside('x0[k]')} < ${here}) { smaller += 1; } } return smaller;`,
    [array],
    length + 1,
  )
  return { order, starts }
}

/** An index that a kernel made, moved to the nearest one inside its axis. */
export function clamped(index: string, length: number): string {
  return `Math.min(Math.max(${index}, 0), ${length - 1})`
}

/** Indices that came from the host are checked; a kernel cannot throw, and those of other kernels are kept inside. */
function checkRange(operation: string, { range }: Input, length: number): void {
  const wrong = range && numberOutside(range, length)
  if (wrong === undefined) return
  throw new ArgumentError({
    operation,
    argument: 'indices',
    got: `holds ${wrong}`,
    expected: length === 0 ? 'no index, since the axis is empty' : `indices from 0 to ${length - 1}`,
    fix: 'Check which table the ids were made for.',
  })
}
