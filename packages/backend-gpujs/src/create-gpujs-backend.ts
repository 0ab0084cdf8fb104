import { type Backend, BackendError, type HostArray, type OpCall, sizeOf, type TensorSpec } from '@qkv/tensor'
import type { GpujsBuffer } from './buffer.ts'
import { checkLength } from './check-length.ts'
import { checkOptions } from './check-options.ts'
import { checkWholeNumbers } from './check-whole-numbers.ts'
import type { DeviceArray } from './engine/device-array.ts'
import type { Engine, EngineCounters } from './engine/engine.ts'
import { type GpujsMode, usesShaders } from './engine/modes.ts'
import { openEngine } from './engine/open-engine.ts'
import { hasKernel, relativeTolerance } from './has-kernel.ts'
import { fromFloats, toFloats } from './host-arrays.ts'
import { rangeOf } from './integer-range.ts'
import { runKernel, shortName } from './kernel.ts'
import { kernels } from './kernels/index.ts'

export interface GpujsOptions {
  /** What to compute with; unless said, the first that runs here of `webgl2`, `headlessgl`, `webasm` and `cpu`. */
  readonly mode?: GpujsMode
  /** How many compiled kernels are kept; 2,000 unless said. */
  readonly kernelLimit?: number
  /** Whether shaders multiply matrices four columns at a time where that pays; true unless said, for comparisons. */
  readonly packedProducts?: boolean
}

/** How a gpu.js backend runs. */
export interface GpujsDescription {
  readonly mode: GpujsMode
  /** What runs the kernels, in the words of its driver; empty where nothing tells. */
  readonly adapter: string
  /** Whether that is the processor; `undefined` where nothing tells. */
  readonly isFallbackAdapter: boolean | undefined
  /** Why faster modes are not used. */
  readonly reasons: readonly string[]
  /** The most elements that one tensor may have. */
  readonly largestLength: number
  readonly counters: EngineCounters
}

/** A backend that says how it runs. */
export interface GpujsBackend extends Backend {
  readonly description: GpujsDescription
}

/**
 * The backend that computes with gpu.js: shaders on WebGL 2, or WebAssembly and JavaScript where there is no GPU. Throws a
 * `BackendError` when the mode that was asked for cannot run here, or an option has a value that it cannot have.
 *
 * @example
 * const device = new Device(await createGpujsBackend({ mode: 'webasm' }))
 */
export async function createGpujsBackend(options: GpujsOptions = {}): Promise<GpujsBackend> {
  checkOptions(options)
  const { kernelLimit = 2000, packedProducts = true } = options
  const { engine, reasons } = await openEngine(options.mode, kernelLimit)
  const { adapter, mode } = engine
  const { largestLength, mostInputs } = engine.limits
  const packs = packedProducts && usesShaders(mode)
  const live = new Set<GpujsBuffer>()

  function own(array: DeviceArray | undefined, spec: TensorSpec, range?: GpujsBuffer['range']): GpujsBuffer {
    const buffer = { owner: 'gpujs', byteLength: 4 * sizeOf(spec.shape), array, ...(range && { range }) }
    live.add(buffer)
    return buffer
  }

  function download(spec: TensorSpec, numbers: Float32Array): HostArray {
    return fromFloats(
      numbers.length === sizeOf(spec.shape) ? numbers : numbers.slice(0, sizeOf(spec.shape)),
      spec,
    )
  }

  const backend: GpujsBackend = {
    specVersion: 1,
    name: 'gpujs',
    description: {
      mode,
      adapter,
      isFallbackAdapter: computesOnProcessor(mode, adapter),
      reasons,
      largestLength,
      get counters() {
        return engine.counters
      },
    },
    capabilities: {
      dtypes: new Set(['float32', 'int32', 'bool', 'int8']),
      synchronousRead: engine.synchronous,
      relativeTolerance,
      readsStrides: (op) => kernels[op.name]?.readsStrides === true,
    },
    supports: (op, inputs, attrs) => hasKernel(op, inputs, attrs, mostInputs),
    run(call) {
      checkSizes(call, largestLength)
      const arrays = compute(engine, call, packs)
      return call.outputs.map((spec, index) => own(arrays[index], spec))
    },
    upload(data, spec) {
      checkLength('upload', spec.shape, largestLength)
      const range = spec.dtype === 'int32' ? rangeOf(data) : undefined
      if (range) checkWholeNumbers('upload', 'data', [range.low[0], range.high[0]])
      const array = data.length === 0 ? undefined : engine.upload(toFloats(data, spec))
      return own(array, spec, range)
    },
    async download(handle, spec) {
      const buffer = handle as GpujsBuffer
      return download(spec, buffer.array ? await engine.read(buffer.array) : new Float32Array())
    },
    synchronize: () => engine.finish(),
    release(handle) {
      const buffer = handle as GpujsBuffer
      if (live.delete(buffer) && buffer.array) engine.release(buffer.array)
    },
    memory() {
      let liveBytes = 0
      for (const { byteLength } of live) liveBytes += byteLength
      return { liveBuffers: live.size, liveBytes }
    },
    dispose: () => engine.dispose(),
  }
  if (!engine.synchronous) return backend
  return {
    ...backend,
    downloadSync(handle, spec) {
      const buffer = handle as GpujsBuffer
      return download(spec, buffer.array ? engine.readSync(buffer.array) : new Float32Array())
    },
  }
}

function computesOnProcessor(mode: GpujsMode, adapter: string): boolean | undefined {
  if (mode === 'webasm' || mode === 'cpu') return true
  return mode === 'webgl2' ? /swiftshader|llvmpipe|softpipe/i.test(adapter) : undefined
}

/** The outputs of a call; `undefined` where they are empty. */
function compute(engine: Engine, call: OpCall, packs: boolean): readonly (DeviceArray | undefined)[] {
  if (call.outputs.every(({ shape }) => sizeOf(shape) === 0)) return []
  const kernel = kernels[call.op.name]
  if (kernel === undefined) throw missingKernel(call.op.name)
  if (!kernel.readsEmpty && call.inputs.some(({ spec }) => sizeOf(spec.shape) === 0))
    return zeros(engine, call)
  return runKernel(kernel, call, engine, packs)
}

/** Sums and products of nothing. */
function zeros(engine: Engine, { outputs }: OpCall): readonly (DeviceArray | undefined)[] {
  return outputs.map(({ shape }) => {
    const size = sizeOf(shape)
    return size === 0 ? undefined : engine.run({ body: 'return s0;', anyLength: true }, [], [0], size)
  })
}

function checkSizes({ op, outputs }: OpCall, largest: number): void {
  for (const { shape } of outputs) checkLength(shortName(op.name), shape, largest)
}

function missingKernel(name: string): BackendError {
  return new BackendError({
    operation: name,
    argument: 'op',
    got: "has no kernel on the backend 'gpujs'",
    expected: 'an op of @qkv/tensor, or a composite of such',
    fix: 'Define the op as a composite, which is decomposed where there is no kernel.',
  })
}
