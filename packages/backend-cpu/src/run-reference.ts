import {
  BackendError,
  type BufferHandle,
  type HostArray,
  type HostTensor,
  isContiguous,
  type OpCall,
  type OpInput,
  sizeOf,
  stridesOf,
  type TensorSpec,
} from '@qkv/tensor'
import { copyDense } from './kernels/copy.ts'
import type { Arena, CpuBuffer } from './memory/arena.ts'
import type { Heap } from './memory/heap.ts'

/** Runs a primitive as its definition in TypeScript says, on views of the heap. */
export function runReference(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const { op, attrs, scalars } = call
  if (op.kind !== 'primitive') {
    throw new BackendError({
      operation: 'cpu',
      argument: 'op',
      got: `is the ${op.kind} '${op.name}'`,
      expected: 'a primitive, or an op that this backend has a kernel for',
      fix: 'Ask `backend.supports` first: composites that it refuses are decomposed by the core.',
    })
  }
  const temporary: CpuBuffer[] = []
  const sources = call.inputs.map((input) => {
    if (isDense(input)) return input.handle as CpuBuffer
    const dense = copyDense(input, arena)
    temporary.push(dense)
    return dense
  })
  const outputs = call.outputs.map((spec) => arena.allocate(spec))
  const inputs = call.inputs.map(({ spec }, index) => hostTensor(arena.heap, sources[index]!, spec))
  const results = call.outputs.map((spec, index) => hostTensor(arena.heap, outputs[index]!, spec))
  for (const { data } of results) data.fill(0)
  op.reference({ inputs, outputs: results, attrs, scalars })
  for (const buffer of temporary) arena.release(buffer)
  return outputs
}

function isDense({ spec, layout }: OpInput): boolean {
  return layout.offset === 0 && isContiguous(spec.shape, layout.strides)
}

function hostTensor(heap: Heap, buffer: CpuBuffer, { shape, dtype }: TensorSpec): HostTensor {
  return {
    shape,
    dtype,
    data: viewOf(heap, buffer, { shape, dtype }),
    layout: { strides: stridesOf(shape), offset: 0 },
  }
}

/** A typed array over the elements of a dense buffer; valid until the heap grows. */
export function viewOf(
  heap: Heap,
  { address }: Pick<CpuBuffer, 'address'>,
  { shape, dtype }: TensorSpec,
): HostArray {
  const length = sizeOf(shape)
  switch (dtype) {
    case 'float32':
      return heap.float32.subarray(address / 4, address / 4 + length)
    case 'int32':
      return heap.int32.subarray(address / 4, address / 4 + length)
    case 'float16':
    case 'bfloat16':
      return heap.uint16.subarray(address / 2, address / 2 + length)
    case 'int8':
      return heap.int8.subarray(address, address + length)
    case 'bool':
      return heap.uint8.subarray(address, address + length)
    case 'int4':
      return heap.uint8.subarray(address, address + Math.ceil(length / 2))
  }
}
