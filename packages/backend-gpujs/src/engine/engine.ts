import { BackendError } from '@qkv/tensor'
import { type DeviceArray, isOnDevice } from './device-array.ts'
import { addFunctions } from './functions.ts'
import { GPU, type GpuJs, type GpuJsKernel, input, type KernelSettings, type Values } from './gpu-js.ts'
import { type CachedKernel, KernelCache } from './kernel-cache.ts'
import { type Limits, limitsOf } from './limits.ts'
import { type GpujsMode, modeOfKernels, usesShaders } from './modes.ts'
import { largestExactInteger } from '../integer-range.ts'
import { waitForContext } from './wait-for-context.ts'

// Every platform has it; the types of none are used here.
declare function setTimeout(callback: () => void): unknown

/** A kernel in the dialect of JavaScript that gpu.js compiles. */
export interface KernelSource {
  /**
   * The body of a function of arrays `x0`, `x1`, ... and numbers `s0`, `s1`, ... that returns the element at
   * `this.thread.x`. Shapes are written into it.
   */
  readonly body: string
  /** Returns four numbers to an element. */
  readonly packed?: boolean
  /** Has no length written into it: one compiled kernel serves all. */
  readonly anyLength?: boolean
}

/** What has happened so far. */
export interface EngineCounters {
  readonly dispatches: number
  readonly uploads: number
  readonly readBacks: number
  readonly compiledKernels: number
  readonly cachedKernels: number
}

const upload = 'return x0[this.thread.x];'

/** gpu.js in one mode: compiles kernels, runs them in order, and keeps results on the device. */
export class Engine {
  readonly mode: GpujsMode
  readonly #gpu: GpuJs
  readonly #cache: KernelCache
  #limits: Limits | undefined
  readonly #kept = new Set<DeviceArray>()
  #queue: Promise<void> | undefined
  #shared: { readonly isLost?: boolean } | undefined
  #failure: unknown
  #dispatches = 0
  #uploads = 0
  #readBacks = 0
  #closed = false

  constructor(mode: GpujsMode, kernelLimit: number) {
    this.mode = mode
    this.#gpu = new GPU({ mode })
    this.#cache = new KernelCache(kernelLimit)
    addFunctions(this.#gpu, mode)
    if (mode === 'webgpu') this.#queue = Promise.resolve()
  }

  /** What runs the kernels, in the words of its driver; empty where nothing tells. */
  get adapter(): string {
    const { context } = this.#gpu
    if (!usesShaders(this.mode) || !context) return ''
    const unmasked = context.getExtension('WEBGL_debug_renderer_info')
    return String(context.getParameter(unmasked?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER))
  }

  /** What one array and one kernel may have; known once a kernel has run, since there is no context before. */
  get limits(): Limits {
    return (this.#limits ??= limitsOf(this.mode, this.#gpu.context))
  }

  /** Runs a kernel whose result is known: platforms have modes that they cannot keep. Throws when it is another one. */
  async probe(): Promise<void> {
    const numbers = this.upload(Float32Array.of(1.5, -2))
    // With whole numbers, which each mode divides in its own way.
    const body = 'return x0[remainder(this.thread.x + 3, 2)] * 2 + quotient(this.thread.x, 2);'
    const made = this.run({ body }, [numbers], [], 3)
    const found = [...(await this.read(made))]
    for (const array of [numbers, made]) this.release(array)
    // Nobody asked for these.
    this.#dispatches = this.#uploads = this.#readBacks = 0
    const wanted = [-4, 3, -3]
    if (wanted.some((value, index) => value !== found[index]))
      throw new Error(`it gave ${found.join(', ')} in place of ${wanted.join(', ')}`)
  }

  /** Whether results can be had without waiting. */
  get synchronous(): boolean {
    return this.#queue === undefined
  }

  get counters(): EngineCounters {
    return {
      dispatches: this.#dispatches,
      uploads: this.#uploads,
      readBacks: this.#readBacks,
      compiledKernels: this.#cache.compiled,
      cachedKernels: this.#cache.size,
    }
  }

  /** Copies numbers to the device. */
  upload(numbers: Float32Array): DeviceArray {
    this.#uploads += 1
    // A texture that is filled again keeps its size in headless-gl, so that each length needs a kernel of its own there.
    const source = { body: upload, anyLength: this.mode !== 'headlessgl' }
    return this.#enqueue(source, [], [], numbers.length, [input(numbers, [numbers.length])])
  }

  /** Runs a kernel for `length` elements. */
  run(
    source: KernelSource,
    inputs: readonly DeviceArray[],
    scalars: readonly number[],
    length: number,
  ): DeviceArray {
    this.#dispatches += 1
    return this.#enqueue(source, inputs, scalars, length)
  }

  /** Frees an array, once all kernels that were asked to read it have run. */
  release(array: DeviceArray): void {
    this.#kept.delete(array)
    this.#schedule(() => {
      if (array.values && isOnDevice(array.values)) array.values.delete()
      array.values = undefined
      if (array.kernel) this.#cache.release(array.kernel)
      array.kernel = undefined
    })
  }

  /** The numbers of an array; a copy. Throws where the mode cannot but wait. */
  readSync(array: DeviceArray): Float32Array {
    this.#throwFailure()
    this.#readBacks += 1
    const { values } = array
    const numbers = isOnDevice(values!) ? (values.toArray() as Float32Array) : values!.slice()
    // What is read from a lost context is zeros, and no error.
    this.#throwLoss()
    return numbers
  }

  /** The numbers of an array; a copy. */
  async read(array: DeviceArray): Promise<Float32Array> {
    if (this.synchronous) return this.readSync(array)
    this.#readBacks += 1
    let numbers: Float32Array | undefined
    this.#schedule(async () => {
      const { values } = array
      numbers = isOnDevice(values!) ? await values.toArray() : values!.slice()
    })
    await this.finish()
    return numbers!
  }

  /** Resolves when all has run; throws what went wrong meanwhile. */
  async finish(): Promise<void> {
    await this.#queue
    const { context } = this.#gpu
    // The fences of headless-gl never tell.
    if (this.mode === 'headlessgl') context?.finish()
    else if (this.mode === 'webgl2' && context) await waitForContext(context)
    // A loss is told after what fails by it.
    if (this.#failure !== undefined) await new Promise((resolve) => setTimeout(() => resolve(undefined)))
    this.#throwLoss()
    this.#throwFailure()
  }

  async dispose(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const array of this.#kept) this.release(array)
    await this.#queue
    // It destroys the kernels itself, and the context by way of the first of them: without one the context would stay.
    await this.#gpu.destroy()
  }

  #enqueue(
    source: KernelSource,
    inputs: readonly DeviceArray[],
    scalars: readonly number[],
    length: number,
    host?: readonly unknown[],
  ): DeviceArray {
    this.#throwLoss()
    const { packed = false } = source
    const result: DeviceArray = { length, packed, values: undefined, kernel: undefined }
    this.#schedule(() => {
      const kernel = this.#kernel(source, inputs, scalars.length, length, host !== undefined)
      const { run } = kernel
      if (source.anyLength) run.setOutput([length])
      const values = run(...(host ?? inputs.map((each) => each.values)), ...scalars)
      if (values instanceof Promise) return values.then((late) => this.#keep(result, late, kernel, source))
      this.#keep(result, values, kernel, source)
      return undefined
    })
    this.#kept.add(result)
    return result
  }

  /** Takes the values of a kernel that has run, if it has run as it should. */
  #keep(result: DeviceArray, values: Values, kernel: CachedKernel, { body }: KernelSource): void {
    const onDevice = isOnDevice(values)
    try {
      checkMode(this.mode, kernel.run, body)
      if (!kernel.proven) this.#prove(kernel, body)
    } catch (error) {
      if (onDevice) values.delete()
      throw error
    }
    result.values = values
    if (!onDevice) return
    result.kernel = kernel
    this.#cache.hold(kernel)
  }

  /** Runs something now, or after all that waits. */
  #schedule(work: () => Promise<void> | void | undefined): void {
    if (this.#queue === undefined) void work()
    else {
      this.#queue = this.#queue.then(async () => {
        if (this.#failure !== undefined) return
        try {
          await work()
        } catch (error) {
          this.#failure = error
        }
      })
    }
  }

  #kernel(
    source: KernelSource,
    inputs: readonly DeviceArray[],
    scalars: number,
    length: number,
    fromHost: boolean,
  ): CachedKernel {
    const { body, packed, anyLength } = source
    // Sizes are compiled into kernels, unless one serves all.
    const kinds = inputs.map((each) => (each.packed ? 'p' : 'x') + (anyLength ? '' : each.length)).join(' ')
    const key = `${fromHost ? 'host' : kinds}|${scalars}|${anyLength ? '' : length}|${body}`
    return this.#cache.find(key, () => {
      const names = [
        ...(fromHost ? ['x0'] : inputs.map((_, index) => `x${index}`)),
        ...Array.from({ length: scalars }, (_, index) => `s${index}`),
      ]
      const settings: KernelSettings = {
        output: [length],
        pipeline: true,
        immutable: true,
        precision: 'single',
        tactic: 'precision',
        strictIntegers: true,
        // The default cuts longer loops off, without a word.
        loopMaxIterations: largestExactInteger,
        argumentTypes: [
          ...(fromHost ? ['Input'] : inputs.map((each) => this.#typeOf(each))),
          ...Array.from({ length: scalars }, () => 'Float'),
        ],
        ...(anyLength && { dynamicOutput: true, dynamicArguments: true }),
        ...(packed && { returnType: 'Array(4)' }),
      }
      return this.#gpu.createKernel(`function (${names.join(', ')}) { ${body} }`, settings)
    })
  }

  #typeOf({ packed, values }: DeviceArray): string {
    if (isOnDevice(values as Values)) {
      if (this.mode === 'webgpu') return 'Array'
      return packed ? 'ArrayTexture(4)' : 'NumberTexture'
    }
    return 'Array'
  }

  /** Looks at a kernel after its first run. gpu.js does not ask whether it was linked, and draws whatever was linked before. */
  #prove(kernel: CachedKernel, body: string): void {
    const { context } = this.#gpu
    const { program, context: shared } = kernel.run.kernel
    // Kernels that are made after a loss have another one.
    if (this.mode === 'webgpu') this.#shared ??= shared ?? undefined
    if (usesShaders(this.mode) && context && program) {
      // Of a lost context the answer is no.
      this.#throwLoss()
      if (context.getProgramParameter(program, context.LINK_STATUS) !== true)
        throw linkError(context.getProgramInfoLog(program) ?? '', body)
    }
    kernel.proven = true
  }

  #throwLoss(): void {
    if ((this.mode === 'webgl2' && this.#gpu.context?.isContextLost()) || this.#shared?.isLost) {
      // What went wrong since has the same cause.
      this.#failure = undefined
      throw lostError()
    }
  }

  #throwFailure(): void {
    if (this.#failure === undefined) return
    const failure = this.#failure
    this.#failure = undefined
    throw failure
  }
}

function lostError(): BackendError {
  return new BackendError({
    operation: 'gpujs',
    argument: 'device',
    got: 'was lost: the page has no GPU for it any more',
    expected: 'a working GPU',
    fix: 'Open a new device with `openDevice` and load the tensors again; what was on the lost one is gone.',
  })
}

/** gpu.js changes to another mode by itself where a kernel does not compile. */
function checkMode(wanted: GpujsMode, { kernel }: GpuJsKernel, body: string): void {
  const { mode } = kernel.constructor
  if (mode === modeOfKernels[wanted] && !kernel.fallbackReason) return
  throw new BackendError({
    operation: 'gpujs',
    argument: 'mode',
    got: `fell back from ${wanted} to ${mode} (${kernel.fallbackReason ?? 'without a reason'}) for \`${body.slice(0, 80)}\``,
    expected: `a kernel that runs in ${wanted}`,
    fix: 'Choose another mode, or report the kernel.',
  })
}

function linkError(log: string, body: string): BackendError {
  return new BackendError({
    operation: 'gpujs',
    argument: 'kernel',
    got: `was not linked (${log.trim().split('\n')[0] || 'without a reason'}): \`${body.slice(0, 80)}\``,
    expected: 'a program that the driver accepts',
    fix: "Use the mode 'webasm' or another backend, or report the kernel.",
  })
}
