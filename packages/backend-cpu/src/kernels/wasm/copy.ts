import { bytesPerElement, isContiguous, type OpInput, stridesOf } from '@qkv/tensor'
import type { KernelTable } from '../../kernel.ts'
import type { Arena, CpuBuffer } from '../../memory/arena.ts'
import { mergeAxes, type MergedAxes, outerCount } from '../../merge-axes.ts'
import type { Wasm } from '../../wasm/wasm.ts'
import type { CopyElements } from '../copy.ts'
import { splitWalk, walkBytes, writeWalk } from './walk.ts'

/** The rows of a unit of `transposeWords`, and elements of one that take some ten microseconds. */
const band = 16
const leastElements = 32_768

export function wasmCopyKernels(wasm: Wasm): KernelTable {
  const copy = wasmCopy(wasm)
  return {
    'qkv/copy': {
      run(call, arena) {
        const out = arena.allocate(call.outputs[0]!)
        copyInto(copy, arena, out.address, call.inputs[0]!)
        return [out]
      },
      readsStrides: true,
    },
  }
}

/** Copies an input of any layout to consecutive elements from the byte `target` on. */
export function copyInto(
  copy: CopyElements,
  arena: Arena,
  target: number,
  { handle, spec, layout }: OpInput,
): void {
  const width = bytesPerElement[spec.dtype]
  const source = (handle as CpuBuffer).address + layout.offset * width
  copy(arena, width, target, stridesOf(spec.shape), source, layout.strides, spec.shape)
}

/** Copies between any layouts: vectors of rows that lie together, blocks of transpositions, else elements. */
export function wasmCopy(wasm: Wasm): CopyElements {
  return (arena, width, target, targetStrides, source, sourceStrides, shape) => {
    const operands = [
      { address: target, strides: targetStrides, width },
      { address: source, strides: sourceStrides, width },
    ]
    if (width === 4 && !isContiguous(shape, sourceStrides)) {
      const transposed = transposition(shape, targetStrides, sourceStrides)
      if (transposed) {
        const walk = arena.scratch(walkBytes(transposed.shape.length))
        writeWalk(arena.heap, walk, transposed, operands)
        const [rows, columns] = transposed.shape.slice(-2) as [number, number]
        const units = outerCount(transposed.shape) * Math.ceil(rows / band)
        wasm.team.split(wasm.exports.transposeWords, units, Math.ceil(leastElements / (band * columns)), walk)
        return
      }
    }
    splitWalk(wasm, arena, width === 4 ? wasm.exports.copyWords : wasm.exports.copyBytes, shape, operands)
  }
}

/**
 * The merged axes with that along which the source is dense as rows, if it is not the one along which the target is;
 * `undefined` where there is none worth it.
 */
function transposition(
  shape: readonly number[],
  targetStrides: readonly number[],
  sourceStrides: readonly number[],
): MergedAxes | undefined {
  if (shape.includes(0)) return undefined
  const merged = mergeAxes(shape, [targetStrides, sourceStrides])
  const [to, from] = merged.strides as [readonly number[], readonly number[]]
  const axis = from.indexOf(1)
  if (axis < 0 || axis === from.length - 1 || to.at(-1) !== 1 || merged.shape[axis]! < 4) return undefined
  const move = (list: readonly number[]): readonly number[] => [
    ...list.slice(0, axis),
    ...list.slice(axis + 1, -1),
    list[axis]!,
    list.at(-1)!,
  ]
  return { shape: move(merged.shape), strides: merged.strides.map(move) }
}
