import { allocateHostArray, type HostArray, type TensorSpec } from '../../dtype.ts'
import { BackendError } from '../../errors/backend-error.ts'
import type { HostTensor, Op } from '../../op.ts'
import { isContiguous, sizeOf, stridesOf } from '../../shape.ts'
import type { Backend, BufferHandle, Layout, OpCall } from '../backend.ts'

interface HostHandle extends BufferHandle {
  readonly data: HostArray
}

export interface ReferenceBackendOptions {
  /** `float64` stores and computes floats as doubles: the truth that gradients and backends are checked against. */
  readonly precision?: 'float32' | 'float64'
}

/**
 * The definition of every op, run as it is written: slow, plain, and what all other backends are compared with.
 *
 * @example
 * const device = new Device(createReferenceBackend({ precision: 'float64' }))
 */
export function createReferenceBackend(options: ReferenceBackendOptions = {}): Backend {
  const precision = options.precision ?? 'float32'
  const name = precision === 'float64' ? 'reference-float64' : 'reference'
  const live = new Set<BufferHandle>()
  let liveBytes = 0
  let closed = false

  function allocate({ shape, dtype }: TensorSpec): HostArray {
    const length = sizeOf(shape)
    return dtype === 'float32' && precision === 'float64'
      ? new Float64Array(length)
      : allocateHostArray(dtype, length)
  }

  function store(data: HostArray): HostHandle {
    const handle = { owner: name, byteLength: data.byteLength, data }
    live.add(handle)
    liveBytes += handle.byteLength
    return handle
  }

  function load(handle: BufferHandle): HostArray {
    if (live.has(handle)) return (handle as HostHandle).data
    throw new BackendError({
      operation: name,
      argument: 'handle',
      got: handle.owner === name ? 'was released' : `belongs to backend '${handle.owner}'`,
      expected: `a live buffer of '${name}'`,
      fix: 'Move tensors between devices with `moveTo`.',
    })
  }

  function run(call: OpCall): readonly BufferHandle[] {
    const { op, attrs, scalars, outputs } = call
    if (op.kind !== 'primitive') {
      throw new BackendError({
        operation: name,
        argument: 'op',
        got: `is the ${op.kind} '${op.name}'`,
        expected: 'a primitive',
        fix: 'Composites are decomposed by the core, since `supports` says false.',
      })
    }
    const results = outputs.map((spec) =>
      hostTensor(allocate(spec), spec, { strides: stridesOf(spec.shape), offset: 0 }),
    )
    op.reference({
      inputs: call.inputs.map(({ handle, spec, layout }) => hostTensor(load(handle), spec, layout)),
      outputs: results,
      attrs,
      scalars,
    })
    return results.map(({ data }) => store(data))
  }

  const download = (handle: BufferHandle, { shape }: TensorSpec): HostArray =>
    load(handle).slice(0, sizeOf(shape))

  return {
    specVersion: 1,
    name,
    capabilities: {
      dtypes: new Set(['float32', 'int32', 'bool', 'int8']),
      synchronousRead: true,
      relativeTolerance: precision === 'float64' ? 1e-12 : 1e-6,
      readsStrides: () => false,
    },
    supports: (op: Op) => op.kind === 'primitive',
    run,
    upload(data, spec) {
      const stored = allocate(spec)
      stored.set(data)
      return store(stored)
    },
    download: async (handle, spec) => download(handle, spec),
    downloadSync: download,
    synchronize: async () => {},
    release(handle) {
      if (closed) return
      load(handle)
      live.delete(handle)
      liveBytes -= handle.byteLength
    },
    memory: () => ({ liveBuffers: live.size, liveBytes }),
    async dispose() {
      closed = true
      live.clear()
      liveBytes = 0
    },
  }
}

function hostTensor(data: HostArray, { shape, dtype }: TensorSpec, layout: Layout): HostTensor {
  // A view may start a longer buffer; strided layouts, which `copy` alone sees, may reach all of it.
  const dense = isContiguous(shape, layout.strides) && layout.offset === 0
  return { shape, dtype, data: dense ? data.subarray(0, sizeOf(shape)) : data, layout }
}
