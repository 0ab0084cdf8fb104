import { forEachIndex, type Program, threads } from '../../commands/program.ts'
import { dispatch, type KernelContext } from '../../kernel.ts'
import type { GpuHandle } from '../../memory/arena.ts'
import type { SortedPositions } from './sort-positions.ts'

const prepareProgram: Program = {
  key: 'sort/prepare',
  parameters: [
    ['size', 'u32'],
    ['padded', 'u32'],
  ],
  bindings: [{ name: 'positions', type: 'u32', access: 'read_write' }],
  body: () => forEachIndex('  positions[index] = index % parameters.padded;'),
}

/** One step of the network: pairs at a distance change places where they are out of order. */
const stepProgram: Program = {
  key: 'sort/step',
  parameters: [
    ['size', 'u32'],
    ['length', 'u32'],
    ['padded', 'u32'],
    ['block', 'u32'],
    ['distance', 'u32'],
  ],
  bindings: [
    { name: 'positions', type: 'u32', access: 'read_write' },
    { name: 'keys', type: 'u32', access: 'read' },
  ],
  body: () => `
// Positions beyond the line come last; equal keys keep their order.
fn comesAfter(a: u32, b: u32, start: u32) -> bool {
  if (a >= parameters.length || b >= parameters.length) { return a > b; }
  let keyA = keys[start + a];
  let keyB = keys[start + b];
  return keyA > keyB || (keyA == keyB && a > b);
}
${forEachIndex(`  let half = parameters.padded / 2u;
  let line = index / half;
  let pair = index % half;
  let low = (pair / parameters.distance) * 2u * parameters.distance + pair % parameters.distance;
  let at = line * parameters.padded + low;
  let a = positions[at];
  let b = positions[at + parameters.distance];
  let ascending = (low & parameters.block) == 0u;
  if (comesAfter(a, b, line * parameters.length) == ascending) {
    positions[at] = b;
    positions[at + parameters.distance] = a;
  }`)}`,
}

/**
 * Sorts positions with a network of comparisons (Batcher 1968, "Sorting networks and their applications"): `n log² n` work in
 * steps that need nothing but the positions.
 */
export function bitonicSort(
  context: KernelContext,
  keys: GpuHandle,
  lines: number,
  length: number,
): SortedPositions {
  const padded = 2 ** Math.ceil(Math.log2(length))
  const positions = context.arena.allocate({ shape: [lines, padded] })
  const size = lines * padded
  dispatch(context, prepareProgram, [positions], [size, padded], Math.ceil(size / threads))
  for (let block = 2; block <= padded; block *= 2) {
    for (let distance = block / 2; distance >= 1; distance /= 2) {
      const values = [size / 2, length, padded, block, distance]
      dispatch(context, stepProgram, [positions, keys], values, Math.ceil(size / 2 / threads))
    }
  }
  return { positions, stride: padded }
}
