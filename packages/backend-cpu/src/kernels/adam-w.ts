import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../kernel.ts'
import type { Arena, CpuBuffer } from '../memory/arena.ts'

export const adamWKernels: KernelTable = { 'qkv/adamW': { run: adamW } }

/** Inputs per parameter: itself, its gradient, and both moments. */
export const inputsPerParameter = 4
/** The places of what is updated among them. */
const updated = [0, 2, 3]

/** The buffers of the results: in place, for what is donated. */
export function updatedParameters(call: OpCall, arena: Arena): readonly CpuBuffer[] {
  return call.outputs.map((spec, index) => {
    const first = Math.floor(index / updated.length) * inputsPerParameter
    const input = call.inputs[first + updated[index % updated.length]!]!
    return input.donated ? (input.handle as CpuBuffer) : arena.allocate(spec)
  })
}

/** The numbers of a step, by their names. */
export function adamWScalars({
  scalars,
}: OpCall): Readonly<
  Record<
    'learningRate' | 'beta1' | 'beta2' | 'epsilon' | 'weightDecay' | 'correction1' | 'correction2',
    number
  >
> {
  const [learningRate, beta1, beta2, epsilon, weightDecay, correction1, correction2] = scalars as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return { learningRate, beta1, beta2, epsilon, weightDecay, correction1, correction2 }
}

function adamW(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { decays } = call.attrs as { readonly decays: readonly boolean[] }
  const { learningRate, beta1, beta2, epsilon, weightDecay, correction1, correction2 } = adamWScalars(call)
  const outputs = updatedParameters(call, arena)
  for (const [parameter, decay] of decays.entries()) {
    const [value, first, second] = outputs.slice(3 * parameter, 3 * parameter + 3)
    update(
      arena.heap.float32,
      value!.address >>> 2,
      first!.address >>> 2,
      second!.address >>> 2,
      startOf(call, inputsPerParameter * parameter),
      startOf(call, inputsPerParameter * parameter + 1),
      startOf(call, inputsPerParameter * parameter + 2),
      startOf(call, inputsPerParameter * parameter + 3),
      sizeOf(call.outputs[3 * parameter]!.shape),
      beta1,
      beta2,
      epsilon,
      decay ? 1 - learningRate * weightDecay : 1,
      learningRate / correction1,
      1 / Math.sqrt(correction2),
    )
  }
  return outputs
}

function update(
  heap: Float32Array,
  valueTarget: number,
  firstTarget: number,
  secondTarget: number,
  value: number,
  gradient: number,
  first: number,
  second: number,
  size: number,
  beta1: number,
  beta2: number,
  epsilon: number,
  keep: number,
  rate: number,
  deviationScale: number,
): void {
  for (let index = 0; index < size; index = (index + 1) | 0) {
    const slope = heap[(gradient + index) | 0]!
    const mean = heap[(first + index) | 0]! * beta1 + slope * (1 - beta1)
    const square = heap[(second + index) | 0]! * beta2 + slope * slope * (1 - beta2)
    heap[(firstTarget + index) | 0] = mean
    heap[(secondTarget + index) | 0] = square
    heap[(valueTarget + index) | 0] =
      heap[(value + index) | 0]! * keep - (mean / (Math.sqrt(square) * deviationScale + epsilon)) * rate
  }
}
