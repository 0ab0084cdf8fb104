import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, startOf } from '../kernel.ts'
import type { Arena, CpuBuffer } from '../memory/arena.ts'
import type { Wasm } from '../wasm/wasm.ts'

type UpdateFunction = typeof update

export const adamWKernels: KernelTable = { 'qkv/adamW': { run: (call, arena) => adamW(call, arena, update) } }

export function wasmAdamWKernels({ exports }: Wasm): KernelTable {
  const wasmUpdate: UpdateFunction = (
    _heap,
    valueTarget,
    firstTarget,
    secondTarget,
    value,
    gradient,
    first,
    second,
    size,
    beta1,
    beta2,
    epsilon,
    keep,
    rate,
    deviationScale,
  ) =>
    exports.adamW(
      4 * valueTarget,
      4 * firstTarget,
      4 * secondTarget,
      4 * value,
      4 * gradient,
      4 * first,
      4 * second,
      size,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      epsilon,
      keep,
      rate,
      deviationScale,
    )
  return { 'qkv/adamW': { run: (call, arena) => adamW(call, arena, wasmUpdate) } }
}

/** Inputs per parameter: itself, its gradient, and both moments. */
const roles = 4
/** The places of what is updated among them. */
const updated = [0, 2, 3]

/** In place, for what is donated. */
function adamW(call: OpCall, arena: Arena, update: UpdateFunction): readonly BufferHandle[] {
  const { decays } = call.attrs as { readonly decays: readonly boolean[] }
  const [learningRate, beta1, beta2, epsilon, weightDecay, correction1, correction2] =
    call.scalars as readonly [number, number, number, number, number, number, number]
  const outputs = call.outputs.map((spec, index): CpuBuffer => {
    const input = call.inputs[Math.floor(index / updated.length) * roles + updated[index % updated.length]!]!
    return input.donated ? (input.handle as CpuBuffer) : arena.allocate(spec)
  })
  for (const [parameter, decay] of decays.entries()) {
    const [value, first, second] = outputs.slice(3 * parameter, 3 * parameter + 3)
    update(
      arena.heap.float32,
      value!.address >>> 2,
      first!.address >>> 2,
      second!.address >>> 2,
      startOf(call, roles * parameter),
      startOf(call, roles * parameter + 1),
      startOf(call, roles * parameter + 2),
      startOf(call, roles * parameter + 3),
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
