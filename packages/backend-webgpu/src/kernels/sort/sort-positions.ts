import { forEachIndex, type Program, threads } from '../../commands/program.ts'
import { dispatch, type KernelContext } from '../../kernel.ts'
import type { GpuHandle } from '../../memory/arena.ts'
import { bitonicSort } from './bitonic-sort.ts'

/** The positions of the smallest keys of each line, in order; line `n` begins at `n * stride`. */
export interface SortedPositions {
  readonly positions: GpuHandle
  readonly stride: number
}

/** Up to this length, counting the smaller keys of each key takes less time than the many steps of a network. */
const longestCounted = 4096

/** A key's place is the number of keys before it: no two invocations write the same one, and equal keys keep their order. */
const countProgram: Program = {
  key: 'sort/count',
  parameters: [
    ['size', 'u32'],
    ['length', 'u32'],
    ['kept', 'u32'],
  ],
  bindings: [
    { name: 'positions', type: 'u32', access: 'read_write' },
    { name: 'keys', type: 'u32', access: 'read' },
  ],
  body: () =>
    forEachIndex(`  let line = index / parameters.length;
  let position = index % parameters.length;
  let start = line * parameters.length;
  let key = keys[index];
  var before = 0u;
  for (var other = 0u; other < parameters.length; other++) {
    let otherKey = keys[start + other];
    before += select(0u, 1u, otherKey < key || (otherKey == key && other < position));
  }
  if (before < parameters.kept) { positions[line * parameters.kept + before] = position; }`),
}

/** Sorts the positions of unsigned keys `[lines, length]`, and gives the first `kept` of each line; equal keys keep their order. */
export function sortPositions(
  context: KernelContext,
  keys: GpuHandle,
  lines: number,
  length: number,
  kept: number,
): SortedPositions {
  if (length > longestCounted) return bitonicSort(context, keys, lines, length)
  const positions = context.arena.allocate({ shape: [lines, kept] })
  const size = lines * length
  dispatch(context, countProgram, [positions, keys], [size, length, kept], Math.ceil(size / threads))
  return { positions, stride: kept }
}
