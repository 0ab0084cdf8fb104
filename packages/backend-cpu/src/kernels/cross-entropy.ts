import { ArgumentError, type BufferHandle, type OpCall, type TensorSpec } from '@qkv/tensor'
import { type KernelTable, outputBuffer, startOf } from '../kernel.ts'
import { interpolate } from '../math/interpolation-table.ts'
import { exponentialTable } from '../math/tables.ts'
import type { Arena } from '../memory/arena.ts'
import { peakOf, sumOfExponentials } from './softmax.ts'

export interface CrossEntropyAttrs {
  readonly labelSmoothing: number
  readonly ignoreIndex: number | null
}

export const hasClasses = ([logits]: readonly TensorSpec[]): boolean => logits!.shape[1] !== 0

export const crossEntropyKernels: KernelTable = {
  'qkv/crossEntropy': { run: crossEntropy, supports: hasClasses },
  'qkv/crossEntropyBackward': { run: crossEntropyBackward, supports: hasClasses },
}

function crossEntropy(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { labelSmoothing, ignoreIndex } = call.attrs as CrossEntropyAttrs
  const [rows, classes] = call.inputs[0]!.spec.shape as readonly [number, number]
  checkTargets(call, arena, ignoreIndex, classes)
  const [losses, logSumExp] = call.outputs.map((spec) => arena.allocate(spec))
  const { float32, int32 } = arena.heap
  for (let row = 0; row < rows; row++) {
    const logits = startOf(call, 0) + row * classes
    const target = int32[startOf(call, 1) + row]!
    const peak = peakOf(float32, logits, 1, classes)
    const logSum = Math.log(sumOfExponentials(float32, logits, 1, classes, peak))
    float32[logSumExp!.address / 4 + row] = logSum + peak
    float32[losses!.address / 4 + row] =
      target === ignoreIndex
        ? 0
        : lossOf(float32, logits, classes, peak, logSum, logits + target, labelSmoothing)
  }
  return [losses!, logSumExp!]
}

/** From shifted logits, since the rounding of the log-sum-exp grows with the logits. */
function lossOf(
  heap: Float32Array,
  logits: number,
  classes: number,
  peak: number,
  logSum: number,
  target: number,
  labelSmoothing: number,
): number {
  const loss = logSum - (heap[target]! - peak)
  if (labelSmoothing === 0) return loss
  let total = 0
  for (let index = 0; index < classes; index = (index + 1) | 0) total += heap[(logits + index) | 0]! - peak
  return loss * (1 - labelSmoothing) + (logSum - total / classes) * labelSmoothing
}

function crossEntropyBackward(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { labelSmoothing, ignoreIndex } = call.attrs as CrossEntropyAttrs
  const [rows, classes] = call.inputs[0]!.spec.shape as readonly [number, number]
  checkTargets(call, arena, ignoreIndex, classes)
  const out = outputBuffer(call, arena)
  const { float32, int32 } = arena.heap
  for (let row = 0; row < rows; row++) {
    const target = int32[startOf(call, 1) + row]!
    const place = (out.address >>> 2) + row * classes
    if (target === ignoreIndex) {
      float32.fill(0, place, place + classes)
      continue
    }
    const gradient = float32[startOf(call, 3) + row]!
    const shift = float32[startOf(call, 2) + row]!
    rowBackward(
      float32,
      place,
      startOf(call, 0) + row * classes,
      classes,
      shift,
      gradient,
      labelSmoothing,
      target,
    )
  }
  return [out]
}

function rowBackward(
  heap: Float32Array,
  target: number,
  logits: number,
  classes: number,
  shift: number,
  gradient: number,
  labelSmoothing: number,
  targetClass: number,
): void {
  const table = exponentialTable()
  const low = table[0]!
  const high = table[1]!
  const density = table[2]!
  const share = labelSmoothing / classes
  const total = sumOfExponentials(heap, logits, 1, classes, shift)
  const logit = heap[(logits + targetClass) | 0]!
  // The exponentials sum to 1 up to the rounding of the log-sum-exp: the division removes it.
  for (let index = 0; index < classes; index = (index + 1) | 0) {
    const exponential = interpolate(table, low, high, density, heap[(logits + index) | 0]! - shift)
    heap[(target + index) | 0] = (exponential / total - share) * gradient
  }
  const exponential = interpolate(table, low, high, density, logit - shift)
  heap[(target + targetClass) | 0] = (exponential / total - (1 - labelSmoothing + share)) * gradient
}

function checkTargets(call: OpCall, arena: Arena, ignoreIndex: number | null, classes: number): void {
  const rows = call.inputs[1]!.spec.shape[0]!
  for (let row = 0; row < rows; row++) {
    const target = arena.heap.int32[startOf(call, 1) + row]!
    if (target === ignoreIndex || (target >= 0 && target < classes)) continue
    throw targetError(target, row, ignoreIndex, classes)
  }
}

/** The same error as that of the definition. */
export function targetError(
  target: number,
  row: number,
  ignoreIndex: number | null,
  classes: number,
): ArgumentError {
  return new ArgumentError({
    operation: 'crossEntropy',
    argument: 'targets',
    got: `holds ${target} at [${row}]`,
    expected: `a class from 0 to ${classes - 1}${ignoreIndex === null ? '' : `, or ${ignoreIndex} to ignore the row`}`,
    fix: 'Check the number of classes, or set `ignoreIndex` for targets that do not count.',
  })
}
