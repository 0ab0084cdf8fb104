import { sizeOf, stridesOf } from '@qkv/tensor'
import type { DeviceArray } from '../engine/device-array.ts'
import { here, type KernelTable, type Launcher } from '../kernel.ts'
import { map } from './elementwise.ts'

/** As many arrays as every mode takes in one kernel, with room for others. */
const mostJoined = 6

/** A part of an array that is to be joined: so many elements of each block. */
export interface Part {
  readonly array: DeviceArray
  readonly length: number
}

export const movement: KernelTable = {
  'qkv/concat': {
    readsEmpty: true,
    run({ inputs, outputs: [spec] = [], attrs }, launcher) {
      const { axis } = attrs as { readonly axis: number }
      const blocks = sizeOf(spec!.shape.slice(0, axis))
      const parts = inputs
        .filter(({ shape }) => sizeOf(shape) > 0)
        .map(({ array, shape }) => ({ array, length: sizeOf(shape.slice(axis)) }))
      return [join(launcher, parts, blocks)]
    },
  },
  'qkv/pad': {
    readsEmpty: true,
    run({ inputs: [x], outputs: [spec] = [], attrs, size, scalars }, launcher) {
      const { before } = attrs as { readonly before: readonly number[] }
      if (sizeOf(x!.shape) === 0) {
        return [launcher.run({ body: 'return s0;', anyLength: true }, [], size, scalars)]
      }
      const { inside, place } = within(spec!.shape, x!.shape, before.map(String))
      return [launcher.run(`if (${inside}) { return x0[${place}]; } return s0;`, [x!.array], size, scalars)]
    },
  },
  'qkv/updateSlice': {
    readsEmpty: true,
    run({ inputs: [x, value], outputs: [spec] = [], size, scalars }, launcher) {
      if (sizeOf(value!.shape) === 0) return [map(launcher, [x!], size, 'return a;')]
      const starts = scalars.map((_, axis) => `s${axis}`)
      const { inside, place } = within(spec!.shape, value!.shape, starts)
      const body = `if (${inside}) { return x1[${place}]; } return x0[${here}];`
      return [launcher.run(body, [x!.array, value!.array], size, scalars)]
    },
  },
  'qkv/dequantize': {
    run({ inputs: [weight, scale], size }, launcher) {
      const blockSize = weight!.shape[1]! / scale!.shape[1]!
      const body = `return x0[${here}] * x1[quotient(${here}, ${blockSize})];`
      return [launcher.run(body, [weight!.array, scale!.array], size)]
    },
  },
}

/** Blocks of each part after each other; many parts are joined in groups first. */
export function join(launcher: Launcher, parts: readonly Part[], blocks: number): DeviceArray {
  if (parts.length > mostJoined) {
    const groups: Part[] = []
    for (let first = 0; first < parts.length; first += mostJoined) {
      const group = parts.slice(first, first + mostJoined)
      const length = group.reduce((total, part) => total + part.length, 0)
      groups.push({ array: join(launcher, group, blocks), length })
    }
    return join(launcher, groups, blocks)
  }
  const total = parts.reduce((sum, { length }) => sum + length, 0)
  let start = 0
  const statements = parts.map(({ length }, index) => {
    const at = `x${index}[quotient(${here}, ${total}) * ${length} + (remainder(${here}, ${total}) - ${start})]`
    start += length
    return index === parts.length - 1
      ? `return ${at};`
      : `if (remainder(${here}, ${total}) < ${start}) { return ${at}; }`
  })
  return launcher.run(
    statements.join(' '),
    parts.map(({ array }) => array),
    blocks * total,
  )
}

/** Whether an element of a large shape lies in a smaller one that begins at `starts`, and where in it. */
function within(
  shape: readonly number[],
  part: readonly number[],
  starts: readonly string[],
): { readonly inside: string; readonly place: string } {
  const strides = stridesOf(shape)
  const partStrides = stridesOf(part)
  const indices = shape.map(
    (length, axis) => `(remainder(quotient(${here}, ${strides[axis]}), ${length}) - ${starts[axis]})`,
  )
  const inside = indices.flatMap((index, axis) => [`${index} >= 0`, `${index} < ${part[axis]}`]).join(' && ')
  const place = indices.map((index, axis) => `${index} * ${partStrides[axis]}`).join(' + ')
  return { inside: inside || '1 > 0', place: place || '0' }
}
