import { allocateHostArray, BackendError, isContiguous, sizeOf, stridesOf } from '@qkv/tensor'
import { kernels } from './kernels.js'

/**
 * The backend as a plugin: `backend: 'NAME'` finds it once the package is installed.
 *
 * @returns {import('@qkv/tensor').BackendPlugin}
 */
export default function NAME() {
  return { name: 'NAME', create: createBackend }
}

/**
 * Tensors are typed arrays. What has a kernel runs there; all other primitives run as their definition says, and everything else
 * is made of primitives: a backend is complete from its first day, and gets faster kernel by kernel.
 *
 * @returns {import('@qkv/tensor').Backend}
 */
export function createBackend() {
  const live = new Set()
  let closed = false

  const store = (data) => {
    const handle = { owner: 'NAME', byteLength: data.byteLength, data }
    live.add(handle)
    return handle
  }

  const load = (handle) => {
    if (live.has(handle)) return handle.data
    throw new BackendError({
      operation: 'NAME',
      argument: 'handle',
      got: handle.owner === 'NAME' ? 'was released' : `belongs to the backend '${handle.owner}'`,
      expected: "a live buffer of 'NAME'",
      fix: 'Move tensors between devices with `moveTo`.',
    })
  }

  /** The elements of an input or output, as kernels and definitions read them. */
  const hostTensor = (data, { shape, dtype }, layout) => {
    // A view may begin a longer buffer; `copy` alone sees strides and offsets.
    const dense = layout.offset === 0 && isContiguous(shape, layout.strides)
    return { shape, dtype, data: dense ? data.subarray(0, sizeOf(shape)) : data, layout }
  }

  const download = (handle, { shape }) => load(handle).slice(0, sizeOf(shape))

  return {
    specVersion: 1,
    name: 'NAME',
    capabilities: {
      dtypes: new Set(['float32', 'int32', 'bool', 'int8']),
      synchronousRead: true,
      relativeTolerance: 1e-5,
      readsStrides: () => false,
    },
    description: { kernels: Object.keys(kernels) },
    supports: (op) => op.kind === 'primitive' || op.name in kernels,
    run({ op, attrs, scalars, inputs, outputs }) {
      const results = outputs.map((spec) =>
        hostTensor(allocateHostArray(spec.dtype, sizeOf(spec.shape)), spec, {
          strides: stridesOf(spec.shape),
          offset: 0,
        }),
      )
      const compute = kernels[op.name] ?? op.reference
      compute({
        inputs: inputs.map(({ handle, spec, layout }) => hostTensor(load(handle), spec, layout)),
        outputs: results,
        attrs,
        scalars,
      })
      return results.map(({ data }) => store(data))
    },
    upload: (data, { dtype, shape }) => {
      const copy = allocateHostArray(dtype, sizeOf(shape))
      copy.set(data)
      return store(copy)
    },
    download: async (handle, spec) => download(handle, spec),
    downloadSync: download,
    synchronize: async () => {},
    release: (handle) => {
      // The garbage collector may find a tensor late.
      if (closed) return
      load(handle)
      live.delete(handle)
    },
    memory: () => ({
      liveBuffers: live.size,
      liveBytes: [...live].reduce((sum, { byteLength }) => sum + byteLength, 0),
    }),
    dispose: async () => {
      closed = true
      live.clear()
    },
  }
}
