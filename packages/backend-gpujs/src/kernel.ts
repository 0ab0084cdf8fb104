import { isContiguous, type OpCall, sizeOf, type TensorSpec } from '@qkv/tensor'
import type { GpujsBuffer } from './buffer.ts'
import { checkLength } from './check-length.ts'
import type { DeviceArray } from './engine/device-array.ts'
import type { Engine, KernelSource } from './engine/engine.ts'
import type { IntegerRange } from './integer-range.ts'
import { placeOf } from './place.ts'

/** An input of a call, as kernels use it. */
export interface Input {
  readonly array: DeviceArray
  readonly shape: readonly number[]
  /** Dense, from the first element of its array. */
  readonly contiguous: boolean
  readonly strides: readonly number[]
  readonly offset: number
  /** Where it is known: of whole `int32` tensors that came from the host. */
  readonly range: IntegerRange | undefined
  /** Where an element lies, as an expression of its number in row-major order. */
  place(flat: string): string
}

/** Launches kernels for one call, and frees what they left in between. */
export interface Launcher {
  /** Whether textures of four numbers to an element pay. */
  readonly packs: boolean
  /** An array of the result of a kernel; freed after the call unless it is an output. */
  run(
    source: KernelSource | string,
    inputs: readonly DeviceArray[],
    length: number,
    scalars?: readonly number[],
  ): DeviceArray
}

/** Computes the outputs of a call, none of which is empty. */
export type KernelFunction = (call: KernelCall, launcher: Launcher) => readonly DeviceArray[]

export interface KernelCall {
  readonly inputs: readonly Input[]
  readonly attrs: unknown
  readonly scalars: readonly number[]
  readonly outputs: readonly TensorSpec[]
  /** Elements of the first output. */
  readonly size: number
}

export interface Kernel {
  readonly run: KernelFunction
  /** Takes inputs of any strides and offset. */
  readonly readsStrides?: boolean
  /** Is run with empty inputs too; without it, sums and products of nothing are zeros. */
  readonly readsEmpty?: boolean
  /** For composites: whether the kernel runs this call where one may read `mostInputs` arrays; always, unless said. */
  readonly supports?: (inputs: readonly TensorSpec[], attrs: unknown, mostInputs: number) => boolean
}

/** Kernels by op name. */
export type KernelTable = Readonly<Record<string, Kernel>>

/** The inputs of a call as kernels use them; empty ones have no array, and are not read. */
export function inputsOf(call: OpCall): readonly Input[] {
  return call.inputs.map(({ handle, spec: { shape }, layout }) => {
    const { strides, offset } = layout
    const { array, range } = handle as GpujsBuffer
    const contiguous = offset === 0 && isContiguous(shape, strides)
    return {
      array: array!,
      shape,
      strides,
      offset,
      contiguous,
      // Of a part of a tensor the range is not known.
      range: contiguous && array?.length === sizeOf(shape) ? range : undefined,
      place: (flat) => placeOf(flat, shape, layout),
    }
  })
}

/** Runs a kernel, and frees all arrays that it made but its outputs. */
export function runKernel(
  kernel: Kernel,
  call: OpCall,
  engine: Engine,
  packs: boolean,
): readonly DeviceArray[] {
  const made: DeviceArray[] = []
  const launcher: Launcher = {
    packs,
    run(source, inputs, length, scalars = []) {
      checkLength(
        shortName(call.op.name),
        [length],
        engine.limits.largestLength,
        ', which it computes in between,',
      )
      const array = engine.run(
        typeof source === 'string' ? { body: source } : source,
        inputs,
        scalars,
        length,
      )
      made.push(array)
      return array
    },
  }
  let kept: readonly DeviceArray[] = []
  try {
    const { attrs, scalars, outputs } = call
    const size = sizeOf(outputs[0]!.shape)
    kept = kernel.run({ inputs: inputsOf(call), attrs, scalars, outputs, size }, launcher)
    return kept
  } finally {
    for (const array of made) if (!kept.includes(array)) engine.release(array)
  }
}

/** The name of an operation as its function is called. */
export function shortName(name: string): string {
  return name.slice(name.indexOf('/') + 1)
}

/** The element at hand. */
export const here = 'this.thread.x'
