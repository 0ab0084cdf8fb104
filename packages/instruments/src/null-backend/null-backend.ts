import { type Backend, BackendError, type BackendMemory, type BufferHandle } from '@qkv/tensor'
import { byteLengthOf } from '../byte-length.ts'

export interface NullMemory extends BackendMemory {
  /** The most bytes that were live at once since the last `resetPeak`. */
  readonly peakBytes: number
}

export interface NullBackend extends Backend {
  memory(): NullMemory
  /** Starts the peak anew from what is live now. */
  resetPeak(): void
}

export interface NullBackendOptions {
  /**
   * The backend to stand for: the ops that it fuses and reads with strides decide which buffers exist. Every op is
   * fused, and none needs a contiguous copy, unless said.
   */
  readonly like?: Pick<Backend, 'capabilities' | 'supports'>
}

const name = 'null'

/**
 * A backend without values: it checks shapes and counts bytes, so that a model of any size can be tried, and its
 * memory be known, without computing. A donated buffer of the right size is handed back. Reading a tensor throws a
 * `BackendError`.
 *
 * @example
 * const backend = createNullBackend()
 * const device = new Device(backend)
 * const model = createModel({ device, random: new RandomStream(1) })
 * const { liveBytes } = backend.memory() // what the parameters take
 */
export function createNullBackend(options: NullBackendOptions = {}): NullBackend {
  const { like } = options
  const live = new Set<BufferHandle>()
  let liveBytes = 0
  let closed = false
  let peakBytes = 0

  function allocate(byteLength: number): BufferHandle {
    const handle = { owner: name, byteLength }
    live.add(handle)
    liveBytes += byteLength
    peakBytes = Math.max(peakBytes, liveBytes)
    return handle
  }

  function checkLive(handle: BufferHandle): void {
    if (live.has(handle)) return
    throw new BackendError({
      operation: name,
      argument: 'handle',
      got: handle.owner === name ? 'was released' : `belongs to backend '${handle.owner}'`,
      expected: `a live buffer of '${name}'`,
      fix: 'Run a model on the device that it was made on.',
    })
  }

  return {
    specVersion: 1,
    name,
    capabilities: {
      dtypes: like?.capabilities.dtypes ?? new Set(['float32', 'int32', 'bool', 'int8']),
      synchronousRead: true,
      relativeTolerance: Infinity,
      readsStrides: (op) => like?.capabilities.readsStrides(op) ?? true,
    },
    supports: (op, inputs, attrs) => like?.supports(op, inputs, attrs) ?? true,
    run({ inputs, outputs }) {
      for (const { handle } of inputs) checkLive(handle)
      const free = inputs.filter(({ donated }) => donated).map(({ handle }) => handle)
      return outputs.map((spec) => {
        const byteLength = byteLengthOf(spec)
        const index = free.findIndex((handle) => handle.byteLength === byteLength)
        return index >= 0 ? free.splice(index, 1)[0]! : allocate(byteLength)
      })
    },
    upload: (_, spec) => allocate(byteLengthOf(spec)),
    download: async () => {
      throw noValues()
    },
    downloadSync() {
      throw noValues()
    },
    synchronize: async () => {},
    release(handle) {
      if (closed) return
      checkLive(handle)
      live.delete(handle)
      liveBytes -= handle.byteLength
    },
    memory: () => ({ liveBuffers: live.size, liveBytes, peakBytes }),
    resetPeak() {
      peakBytes = liveBytes
    },
    async dispose() {
      closed = true
      live.clear()
      liveBytes = 0
    },
  }
}

function noValues(): BackendError {
  return new BackendError({
    operation: 'read',
    argument: 'tensor',
    got: `lives on the backend '${name}', which has shapes but no values`,
    expected: 'a backend that computes',
    fix: 'Open a device on another backend, such as `cpu`, or leave the reading out.',
  })
}
