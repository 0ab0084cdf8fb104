import {
  type BufferHandle,
  isContiguous,
  type OpCall,
  type OpInput,
  sizeOf,
  type TensorSpec,
} from '@qkv/tensor'
import type { CommandQueue } from './commands/command-queue.ts'
import type { Program } from './commands/program.ts'
import type { Arena, GpuHandle } from './memory/arena.ts'
import type { MatmulPrecision, MatmulVariant } from './kernels/matmul/variant.ts'

/** What kernels work with. */
export interface KernelContext {
  readonly arena: Arena
  readonly queue: CommandQueue
  readonly limits: GPUSupportedLimits
  /** Whether the GPU is a program on the processor. */
  readonly software: boolean
  /** How matrices are multiplied; chosen by shape unless forced. */
  readonly matmul: MatmulVariant
  readonly matmulPrecision: MatmulPrecision
  /** Copies host data into a fresh buffer. */
  upload(data: Float32Array | Int32Array): GpuHandle
}

/** Encodes the commands of one call: allocates the outputs (or takes a donated input), and returns them. */
export type KernelFunction = (call: OpCall, context: KernelContext) => readonly BufferHandle[]

/** How many buffers a kernel may read and write. */
export interface BindingLimits {
  readonly maxStorageBuffersPerShaderStage: number
}

/** What the backend knows about the implementation of one op. */
export interface Kernel {
  readonly run: KernelFunction
  /** Takes inputs of any strides and offset. */
  readonly readsStrides?: boolean
  /** For composites: whether the kernel runs this call, or leaves it to the decomposition; always, unless said. */
  readonly supports?: (inputs: readonly TensorSpec[], attrs: unknown, limits: BindingLimits) => boolean
}

/** Kernels by op name. */
export type KernelTable = Readonly<Record<string, Kernel>>

/** Runs a program: buffers in the order of its bindings, values in the order of its parameters. */
export function dispatch(
  { queue }: KernelContext,
  program: Program,
  buffers: readonly GpuHandle[],
  values: readonly number[],
  workgroups: number,
): void {
  queue.dispatch(program, buffers, values, workgroups)
}

/** The handle of an input. */
export function handleOf(call: OpCall, index: number): GpuHandle {
  return call.inputs[index]!.handle as GpuHandle
}

export function isDense({ spec, layout }: Pick<OpInput, 'spec' | 'layout'>): boolean {
  return layout.offset === 0 && isContiguous(spec.shape, layout.strides)
}

/** The index of a donated input that an output of this many elements may be written over; -1 when there is none. */
export function donorOf({ inputs }: OpCall, output: TensorSpec): number {
  return inputs.findIndex(
    (input) =>
      input.donated &&
      input.spec.dtype === output.dtype &&
      isDense(input) &&
      sizeOf(input.spec.shape) === sizeOf(output.shape) &&
      inputs.every((other) => other === input || other.handle !== input.handle),
  )
}
