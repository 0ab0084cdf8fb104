import { type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { type KernelTable, outputBuffer, startOf } from '../kernel.ts'
import { fillRandomWords } from '../math/random-words.ts'
import type { Arena } from '../memory/arena.ts'

const word = 2 ** 24
/** Random words are made in pieces of this many, which stay in the first cache until they are used. */
const piece = 2048

export const randomKernels: KernelTable = {
  'qkv/dropout': { run: dropout },
  'qkv/randomUniform': { run: randomUniform },
}

function randomUniform(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const [low, high] = call.scalars as readonly [number, number]
  const out = arena.allocate(call.outputs[0]!)
  const size = sizeOf(call.outputs[0]!.shape)
  const words = arena.scratch(4 * piece) / 4
  const { float32, int32 } = arena.heap
  for (let start = 0; start < size; start += piece) {
    const count = Math.min(piece, size - start)
    fillRandomWords(int32, words, start / 2, Math.ceil(count / 2), low, high)
    scaleWords(float32, int32, out.address / 4 + start, words, count)
  }
  return [out]
}

function scaleWords(
  float32: Float32Array,
  int32: Int32Array,
  target: number,
  words: number,
  count: number,
): void {
  for (const end = (target + count) | 0; target < end; target = (target + 1) | 0) {
    float32[target] = int32[words]! * (1 / word)
    words = (words + 1) | 0
  }
}

function dropout(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { rate } = call.attrs as { readonly rate: number }
  const [low, high] = call.scalars as readonly [number, number]
  const out = outputBuffer(call, arena)
  const size = sizeOf(call.outputs[0]!.shape)
  const words = arena.scratch(4 * piece) / 4
  const source = startOf(call, 0)
  const { float32, int32 } = arena.heap
  const bound = Math.ceil(rate * word)
  for (let start = 0; start < size; start += piece) {
    const count = Math.min(piece, size - start)
    fillRandomWords(int32, words, start / 2, Math.ceil(count / 2), low, high)
    dropBelow(float32, int32, out.address / 4 + start, source + start, words, count, bound, 1 / (1 - rate))
  }
  return [out]
}

function dropBelow(
  float32: Float32Array,
  int32: Int32Array,
  target: number,
  source: number,
  words: number,
  count: number,
  bound: number,
  scale: number,
): void {
  for (const end = (target + count) | 0; target < end; target = (target + 1) | 0) {
    // A choice between numbers, not between zero and a product: whatever was dropped may be Infinity or NaN.
    const value = float32[source]! * scale
    float32[target] = int32[words]! < bound ? 0.0 : value
    source = (source + 1) | 0
    words = (words + 1) | 0
  }
}
