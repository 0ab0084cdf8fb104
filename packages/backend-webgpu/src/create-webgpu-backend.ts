import { type Backend, type HostArray, sizeOf, type TensorSpec } from '@qkv/tensor'
import { checkOptions } from './check-options.ts'
import { CommandQueue } from './commands/command-queue.ts'
import type { WebGpuDescription } from './describe.ts'
import { webGpuError } from './errors.ts'
import { hasKernel, relativeTolerance, relativeToleranceOfFloat16 } from './has-kernel.ts'
import type { KernelContext } from './kernel.ts'
import { kernels } from './kernels/index.ts'
import { Arena, type GpuHandle } from './memory/arena.ts'
import { BufferPool, longestBuffer } from './memory/buffer-pool.ts'
import { integerRange } from './memory/integer-range.ts'
import { ReadBack } from './memory/read-back.ts'
import type { WebGpuOptions } from './options.ts'
import { describeGpu, isSoftware } from './platform/describe-gpu.ts'
import { Health } from './platform/health.ts'
import { openGpu } from './platform/open-gpu.ts'

/** A backend that says how it runs. */
export interface WebGpuBackend extends Backend {
  readonly description: WebGpuDescription
}

/**
 * The backend that computes on the GPU, in browsers and, with the package `webgpu`, in Node. Throws a `BackendError` that says
 * what is missing where there is no GPU to use, or which option has a value that it cannot have.
 *
 * @example
 * const device = new Device(await createWebGpuBackend({ powerPreference: 'high-performance' }))
 */
export async function createWebGpuBackend(options: WebGpuOptions = {}): Promise<WebGpuBackend> {
  checkOptions(options)
  const { matmul = 'auto', matmulPrecision = 'float32', pooledBytes = 2 ** 29 } = options
  const opened = await openGpu(options)
  const { info, device } = opened
  const health = new Health(opened)
  const largest = longestBuffer(device.limits)
  const pool = new BufferPool(device, pooledBytes, largest)
  const arena = new Arena(pool, largest)
  const software = isSoftware(info)
  const subgroups = device.features.has('subgroups')
  const queue = new CommandQueue(device, pool, subgroups)
  const readBack = new ReadBack(device, queue, health)

  /** Writes come before the commands of the current batch, so the buffer must be one that none of these names. */
  function upload(data: Float32Array | Int32Array): GpuHandle {
    const handle = arena.allocate({ shape: [data.length] }, queue.batch)
    if (data.length > 0) device.queue.writeBuffer(handle.block.buffer, 0, data as Float32Array<ArrayBuffer>)
    return handle
  }

  const context: KernelContext = {
    arena,
    queue,
    limits: device.limits,
    software,
    matmul,
    matmulPrecision,
    upload,
  }

  return {
    specVersion: 1,
    name: 'webgpu',
    description: describeGpu(opened, { queue, arena, pool, health }, { subgroups, matmul, matmulPrecision }),
    capabilities: {
      dtypes: new Set(['float32', 'int32', 'bool', 'int8']),
      synchronousRead: false,
      relativeTolerance: matmulPrecision === 'float16' ? relativeToleranceOfFloat16 : relativeTolerance,
      readsStrides: (op) => kernels[op.name]?.readsStrides === true,
    },
    supports: (op, inputs, attrs) => hasKernel(op, inputs, attrs, device.limits),
    run(call) {
      health.check()
      for (const { handle } of call.inputs) arena.own(handle)
      const kernel = kernels[call.op.name]
      if (!kernel) throw unknownOp(call.op.name)
      arena.begin()
      try {
        return kernel.run(call, context)
      } catch (error) {
        arena.undo()
        throw error
      }
    },
    upload(data, spec) {
      health.check()
      arena.begin()
      const words = toWords(data, spec)
      const handle = upload(words)
      if (spec.dtype === 'int32') handle.range = integerRange(words as Int32Array)
      return handle
    },
    async download(handle, spec) {
      health.check()
      return readBack.read(arena.own(handle), spec)
    },
    async synchronize() {
      health.check()
      queue.flush()
      await health.orLoss(device.queue.onSubmittedWorkDone())
      health.check()
    },
    release: (handle) => arena.release(handle),
    memory: () => ({ liveBuffers: arena.liveBuffers, liveBytes: arena.liveBytes }),
    async dispose() {
      arena.close()
      health.close()
    },
  }
}

/** Elements of four bytes, as the GPU has them. */
function toWords(data: HostArray, { dtype, shape }: TensorSpec): Float32Array | Int32Array {
  const length = sizeOf(shape)
  const kind = dtype === 'float32' ? Float32Array : Int32Array
  return data instanceof kind && data.length === length ? data : new kind(data.subarray(0, length))
}

function unknownOp(name: string): Error {
  return webGpuError({
    argument: 'op',
    got: `is '${name}'`,
    expected: 'an op that this backend has a kernel for',
    fix: 'Ask `backend.supports` first: composites that it refuses are decomposed by the core.',
  })
}
