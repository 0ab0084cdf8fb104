import { bytesPerElement, sizeOf, stridesOf } from '@qkv/tensor'
import type { KernelTable } from '../../kernel.ts'
import type { Wasm } from '../../wasm/wasm.ts'
import type { FillElements } from '../create.ts'

/** Words that take some ten microseconds. */
const leastWords = 65_536

/** Ops without inputs, but for random numbers, and those that convert elements. */
export function wasmCreationKernels(wasm: Wasm): KernelTable {
  const { exports, team } = wasm
  const fill = wasmFill(wasm)
  const casts = {
    'bool float32': exports.castBytesToFloats,
    'bool int32': exports.castBytesToWords,
    'float32 bool': exports.castFloatsToFlags,
    'float32 int32': exports.castFloatsToWords,
    'int32 bool': exports.castWordsToFlags,
    'int32 float32': exports.castWordsToFloats,
    'int8 bool': exports.castBytesToFlags,
    'int8 float32': exports.castBytesToFloats,
    'int8 int32': exports.castBytesToWords,
  } as const
  return {
    'qkv/full': {
      run(call, arena) {
        const spec = call.outputs[0]!
        const out = arena.allocate(spec)
        fill(arena, out.address, spec, call.scalars[0]!)
        return [out]
      },
    },
    'qkv/iota': {
      run(call, arena) {
        const { axis } = call.attrs as { readonly axis: number }
        const spec = call.outputs[0]!
        const [start, step] = call.scalars as readonly [number, number]
        const out = arena.allocate(spec)
        const kernel = spec.dtype === 'float32' ? exports.countFloats : exports.countWords
        const [length, inner] = [spec.shape[axis]!, stridesOf(spec.shape)[axis]!]
        team.split(kernel, sizeOf(spec.shape), leastWords / 4, out.address, length, inner, start, step)
        return [out]
      },
    },
    'qkv/cast': {
      run(call, arena) {
        const spec = call.outputs[0]!
        const { spec: from, handle } = call.inputs[0]!
        const out = arena.allocate(spec)
        const kernel = casts[`${from.dtype} ${spec.dtype}` as keyof typeof casts]
        const { address } = handle as typeof out
        team.split(kernel, sizeOf(spec.shape), leastWords / 4, out.address, address)
        return [out]
      },
    },
  }
}

export function wasmFill({ exports, team }: Wasm): FillElements {
  return (_arena, target, { shape, dtype }, value) => {
    const size = sizeOf(shape)
    if (bytesPerElement[dtype] === 1) team.split(exports.fillBytes, size, 4 * leastWords, target, value)
    else if (dtype === 'float32') team.split(exports.fillFloats, size, leastWords, target, value)
    else team.split(exports.fillWords, size, leastWords, target, value)
  }
}
