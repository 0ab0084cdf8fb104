import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type Kernel, type KernelTable, outputBuffer, startOf } from '../kernel.ts'
import { interpolate, type InterpolationTable } from '../math/interpolation-table.ts'
import {
  errorFunctionTable,
  exponentialTable,
  geluGateTable,
  geluSlopeTable,
  geluTanhGateTable,
  geluTanhSlopeTable,
  hyperbolicTangentTable,
  sigmoidTable,
  siluSlopeTable,
} from '../math/tables.ts'
import type { Arena } from '../memory/arena.ts'
import { denseSource } from './unary.ts'

/** Functions that are read from tables, and the activations that multiply their input, or a gradient, by one. */
export const tabulatedKernels: KernelTable = {
  'qkv/erf': odd(errorFunctionTable),
  'qkv/exp': plain(exponentialTable),
  'qkv/sigmoid': plain(sigmoidTable),
  'qkv/tanh': odd(hyperbolicTangentTable),
  'qkv/gelu': gate(geluGateTable),
  'qkv/geluTanh': gate(geluTanhGateTable),
  'qkv/silu': gate(sigmoidTable),
  'qkv/geluBackward': slope(geluSlopeTable),
  'qkv/geluTanhBackward': slope(geluTanhSlopeTable),
  'qkv/siluBackward': slope(siluSlopeTable),
}

/** `f(x)` */
function plain(table: () => InterpolationTable): Kernel {
  return {
    run: (call, arena) => runUnary(call, arena, plainLoop, table()),
    readsStrides: true,
  }
}

/** `x f(x)`, constant outside the table */
function odd(table: () => InterpolationTable): Kernel {
  return {
    run: (call, arena) => runUnary(call, arena, oddLoop, table()),
    readsStrides: true,
  }
}

/** `x f(x)`, with f constant outside the table */
function gate(table: () => InterpolationTable): Kernel {
  return {
    run: (call, arena) => runUnary(call, arena, gateLoop, table()),
    readsStrides: true,
  }
}

/** `gradient f(x)` */
function slope(table: () => InterpolationTable): Kernel {
  return { run: (call, arena) => runSlope(call, arena, table()) }
}

type TableLoop = (
  heap: Float32Array,
  target: number,
  source: number,
  size: number,
  table: InterpolationTable,
) => void

function runUnary(
  call: OpCall,
  arena: Arena,
  loop: TableLoop,
  table: InterpolationTable,
): readonly BufferHandle[] {
  const out = outputBuffer(call, arena)
  const source = denseSource(call, arena, out.address)
  loop(arena.heap.float32, out.address >>> 2, source, sizeOf(call.outputs[0]!.shape), table)
  return [out]
}

const plainLoop: TableLoop = (heap, target, source, size, table) => {
  const low = table[0]!
  const high = table[1]!
  const density = table[2]!
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    heap[target] = interpolate(table, low, high, density, heap[source]!)
    target = (target + 1) | 0
  }
}

const oddLoop: TableLoop = (heap, target, source, size, table) => {
  const low = table[0]!
  const high = table[1]!
  const density = table[2]!
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    const x = heap[source]!
    const below = x > high ? high : x
    const bounded = below < low ? low : below
    heap[target] = bounded * interpolate(table, low, high, density, bounded)
    target = (target + 1) | 0
  }
}

const gateLoop: TableLoop = (heap, target, source, size, table) => {
  const low = table[0]!
  const high = table[1]!
  const density = table[2]!
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    const x = heap[source]!
    heap[target] = x * interpolate(table, low, high, density, x)
    target = (target + 1) | 0
  }
}

function runSlope(call: OpCall, arena: Arena, table: InterpolationTable): readonly BufferHandle[] {
  const out = outputBuffer(call, arena)
  const size = sizeOf(call.outputs[0]!.shape)
  slopeLoop(arena.heap.float32, out.address >>> 2, startOf(call, 0), startOf(call, 1), size, table)
  return [out]
}

function slopeLoop(
  heap: Float32Array,
  target: number,
  source: number,
  gradient: number,
  size: number,
  table: InterpolationTable,
): void {
  const low = table[0]!
  const high = table[1]!
  const density = table[2]!
  for (const end = (source + size) | 0; source < end; source = (source + 1) | 0) {
    heap[target] = heap[gradient]! * interpolate(table, low, high, density, heap[source]!)
    target = (target + 1) | 0
    gradient = (gradient + 1) | 0
  }
}
