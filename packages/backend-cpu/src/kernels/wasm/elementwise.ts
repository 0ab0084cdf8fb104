import {
  type BufferHandle,
  bytesPerElement,
  isContiguous,
  type OpCall,
  sizeOf,
  stridesOf,
  type TensorSpec,
} from '@qkv/tensor'
import { type Kernel, type KernelTable, outputBuffer, startOf } from '../../kernel.ts'
import type { Arena } from '../../memory/arena.ts'
import type { SplitKernel } from '../../threads/team.ts'
import type { Wasm } from '../../wasm/wasm.ts'
import { copyInto, wasmCopy } from './copy.ts'
import { operandOf, splitWalk, type WalkKernel } from './walk.ts'

/** A kernel for each element type that there is one for. */
type ByDtype<Value> = Readonly<Partial<Record<TensorSpec['dtype'], Value>>>

/** What combines, compares and chooses elements of operands of any layout. */
export function wasmElementwiseKernels(wasm: Wasm): KernelTable {
  const { exports } = wasm
  const binary = (kernels: ByDtype<WalkKernel>): Kernel => walking(wasm, kernels)
  return {
    'qkv/add': binary({ float32: exports.add, int32: exports.addWhole }),
    'qkv/sub': binary({ float32: exports.sub, int32: exports.subWhole }),
    'qkv/mul': binary({ float32: exports.mul, int32: exports.mulWhole }),
    'qkv/div': binary({ float32: exports.div }),
    'qkv/maximum': binary({ float32: exports.maximum, int32: exports.maximumWhole }),
    'qkv/minimum': binary({ float32: exports.minimum, int32: exports.minimumWhole }),
    'qkv/pow': binary({ float32: exports.pow }),
    'qkv/less': binary({ float32: exports.less, int32: exports.lessWhole }),
    'qkv/lessEqual': binary({ float32: exports.lessEqual, int32: exports.lessEqualWhole }),
    'qkv/equal': binary({ float32: exports.equal, int32: exports.equalWhole, bool: exports.equalFlags }),
    'qkv/notEqual': binary({
      float32: exports.notEqual,
      int32: exports.notEqualWhole,
      bool: exports.notEqualFlags,
    }),
    'qkv/logicalAnd': binary({ bool: exports.andFlags }),
    'qkv/logicalOr': binary({ bool: exports.orFlags }),
    'qkv/where': {
      readsStrides: true,
      run(call, arena) {
        const spec = call.outputs[0]!
        const width = bytesPerElement[spec.dtype]
        const out = arena.allocate(spec)
        splitWalk(wasm, arena, width === 4 ? exports.chooseWords : exports.chooseBytes, spec.shape, [
          { address: out.address, strides: stridesOf(spec.shape), width },
          operandOf(call, 0, 1),
          operandOf(call, 1, width),
          operandOf(call, 2, width),
        ])
        return [out]
      },
    },
  }
}

function walking(wasm: Wasm, kernels: ByDtype<WalkKernel>): Kernel {
  return {
    readsStrides: true,
    supports: ([a]) => kernels[a!.dtype] !== undefined,
    run(call, arena) {
      const { dtype } = call.inputs[0]!.spec
      const spec = call.outputs[0]!
      const out = outputBuffer(call, arena)
      const width = bytesPerElement[dtype]
      splitWalk(wasm, arena, kernels[dtype]!, spec.shape, [
        { address: out.address, strides: stridesOf(spec.shape), width: bytesPerElement[spec.dtype] },
        operandOf(call, 0, width),
        operandOf(call, 1, width),
      ])
      return [out]
    },
  }
}

/** A kernel over dense elements, how many a unit has, and how many units take some ten microseconds. */
interface Mapping {
  readonly kernel: SplitKernel<[target: number, source: number]>
  readonly unit: number
  readonly least: number
}

/** What maps each element by itself. */
export function wasmUnaryKernels(wasm: Wasm): KernelTable {
  const { exports } = wasm
  const vectors = (kernel: Mapping['kernel'], least: number): Mapping => ({ kernel, unit: 4, least })
  const elements = (kernel: Mapping['kernel']): Mapping => ({ kernel, unit: 1, least: 2048 })
  const of = (kernels: ByDtype<Mapping>): Kernel => mapping(wasm, kernels)
  const light = (kernel: Mapping['kernel']): Mapping => vectors(kernel, 8192)
  const heavy = (kernel: Mapping['kernel']): Kernel => of({ float32: vectors(kernel, 2048) })
  return {
    'qkv/abs': of({ float32: light(exports.abs), int32: light(exports.absWhole) }),
    'qkv/ceil': of({ float32: light(exports.ceil) }),
    'qkv/cos': of({ float32: elements(exports.cos) }),
    'qkv/erf': heavy(exports.erf),
    'qkv/exp': heavy(exports.exp),
    'qkv/expm1': of({ float32: elements(exports.expm1) }),
    'qkv/floor': of({ float32: light(exports.floor) }),
    'qkv/gelu': heavy(exports.gelu),
    'qkv/geluTanh': heavy(exports.geluTanh),
    'qkv/log': of({ float32: elements(exports.log) }),
    'qkv/log1p': of({ float32: elements(exports.log1p) }),
    'qkv/logicalNot': of({ bool: { kernel: exports.notFlags, unit: 16, least: 8192 } }),
    'qkv/neg': of({ float32: light(exports.neg), int32: light(exports.negWhole) }),
    'qkv/reciprocal': heavy(exports.reciprocal),
    'qkv/relu': of({ float32: light(exports.relu) }),
    'qkv/round': of({ float32: light(exports.round) }),
    'qkv/rsqrt': heavy(exports.rsqrt),
    'qkv/sigmoid': heavy(exports.sigmoid),
    'qkv/sign': of({ float32: light(exports.sign), int32: light(exports.signWhole) }),
    'qkv/silu': heavy(exports.silu),
    'qkv/sin': of({ float32: elements(exports.sin) }),
    'qkv/sqrt': heavy(exports.sqrt),
    'qkv/square': of({ float32: light(exports.square), int32: light(exports.squareWhole) }),
    'qkv/tanh': heavy(exports.tanh),
    'qkv/geluBackward': slope(wasm, exports.geluBackward),
    'qkv/geluTanhBackward': slope(wasm, exports.geluTanhBackward),
    'qkv/siluBackward': slope(wasm, exports.siluBackward),
  }
}

function mapping(wasm: Wasm, kernels: ByDtype<Mapping>): Kernel {
  const copy = wasmCopy(wasm)
  return {
    readsStrides: true,
    supports: ([x]) => kernels[x!.dtype] !== undefined,
    run(call, arena) {
      const [input] = call.inputs
      const { shape, dtype } = input!.spec
      const { kernel, unit, least } = kernels[dtype]!
      const out = outputBuffer(call, arena)
      const width = bytesPerElement[dtype]
      let source = operandOf(call, 0, width).address
      if (!isContiguous(shape, input!.layout.strides)) {
        copyInto(copy, arena, out.address, input!)
        source = out.address
      }
      wasm.team.split(kernel, Math.ceil(sizeOf(shape) / unit), least, out.address, source)
      return [out]
    },
  }
}

function slope({ team }: Wasm, kernel: Wasm['exports']['geluBackward']): Kernel {
  return {
    run(call: OpCall, arena: Arena): readonly BufferHandle[] {
      const out = outputBuffer(call, arena)
      const vectors = Math.ceil(sizeOf(call.outputs[0]!.shape) / 4)
      team.split(kernel, vectors, 2048, out.address, 4 * startOf(call, 0), 4 * startOf(call, 1))
      return [out]
    },
  }
}
