import { type BufferHandle, isContiguous, type OpCall, type TensorSpec } from '@qkv/tensor'
import type { Arena, CpuBuffer } from './memory/arena.ts'

/**
 * Runs one call: allocates the outputs (or takes a donated input), computes into them, returns them.
 * Allocation may replace the heap's views, so a kernel reads `arena.heap` after it has allocated.
 */
export type KernelFunction = (call: OpCall, arena: Arena) => readonly BufferHandle[]

/** What the backend knows about the implementation of one op. */
export interface Kernel {
  readonly run: KernelFunction
  /** Takes inputs of any strides and offset. */
  readonly readsStrides?: boolean
  /** For composites: whether the kernel runs this call, or leaves it to the decomposition; always, unless said. */
  readonly supports?: (inputs: readonly TensorSpec[], attrs: unknown) => boolean
}

/** Kernels by op name. */
export type KernelTable = Readonly<Record<string, Kernel>>

/** The buffer of an input. */
export function inputBuffer(call: OpCall, index: number): CpuBuffer {
  return call.inputs[index]!.handle as CpuBuffer
}

/** The index of an input's first element in the heap's view of its element type, for four-byte elements. */
export function startOf(call: OpCall, index: number): number {
  const { handle, layout } = call.inputs[index]!
  return ((handle as CpuBuffer).address >>> 2) + layout.offset
}

/** The buffer for an output: a donated input of the same size, element type and layout, else a new one. */
export function outputBuffer(call: OpCall, arena: Arena, index = 0): CpuBuffer {
  const spec = call.outputs[index]!
  for (const input of call.inputs) {
    if (!input.donated || input.spec.dtype !== spec.dtype) continue
    if (input.layout.offset !== 0 || !isContiguous(input.spec.shape, input.layout.strides)) continue
    if (sameLength(input.spec.shape, spec.shape)) return input.handle as CpuBuffer
  }
  return arena.allocate(spec)
}

function sameLength(a: readonly number[], b: readonly number[]): boolean {
  let sizeA = 1
  let sizeB = 1
  for (const length of a) sizeA *= length
  for (const length of b) sizeB *= length
  return sizeA === sizeB
}
