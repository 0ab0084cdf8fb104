import * as imported from 'gpu.js'

/** What of gpu.js is used here: its own types are wider, and wrong in places (`input` is a function, and takes typed arrays). */
export interface GpuJs {
  createKernel(source: string, settings: KernelSettings): GpuJsKernel
  addFunction(source: string, settings: FunctionTypes): unknown
  addNativeFunction(name: string, source: string): unknown
  destroy(): Promise<void> | void
  readonly context?: WebGlContext
}

/** What of a WebGL context tells limits, and when it is done. */
export interface WebGlContext {
  getParameter(name: number): unknown
  getExtension(name: 'WEBGL_debug_renderer_info'): { readonly UNMASKED_RENDERER_WEBGL: number } | null
  isContextLost(): boolean
  flush(): void
  finish(): void
  fenceSync(condition: number, flags: number): object | null
  getSyncParameter(fence: object, name: number): unknown
  deleteSync(fence: object): void
  getProgramParameter(program: object, name: number): unknown
  getProgramInfoLog(program: object): string | null
  readonly MAX_TEXTURE_SIZE: number
  readonly MAX_TEXTURE_IMAGE_UNITS: number
  readonly LINK_STATUS: number
  readonly RENDERER: number
  readonly SYNC_GPU_COMMANDS_COMPLETE: number
  readonly SYNC_STATUS: number
  readonly SIGNALED: number
}

export interface FunctionTypes {
  readonly argumentTypes: Readonly<Record<string, 'Integer' | 'Float'>>
  readonly returnType: 'Integer' | 'Float'
}

export interface KernelSettings {
  readonly output: readonly number[]
  readonly pipeline: true
  readonly immutable: true
  readonly precision: 'single'
  readonly tactic: 'precision'
  readonly strictIntegers: true
  readonly loopMaxIterations: number
  readonly argumentTypes: readonly string[]
  readonly dynamicOutput?: boolean
  readonly dynamicArguments?: boolean
  readonly returnType?: 'Array(4)'
}

/** A result that stays where the kernels are. */
export interface GpuJsTexture {
  toArray(): Float32Array | Promise<Float32Array>
  delete(): void
}

/** What a kernel returns, and what another one takes. */
export type Values = GpuJsTexture | Float32Array

/** A kernel; a function with members. */
export interface GpuJsKernel {
  (...inputs: readonly unknown[]): Values | Promise<Values>
  setOutput(output: readonly number[]): unknown
  destroy(): void
  readonly kernel: {
    readonly fallbackReason?: string | null
    /** On WebGL, once it has run. */
    readonly program?: object
    /** In the mode `webgpu`, once it has run: the device that all kernels of the page share. */
    readonly context?: { readonly isLost?: boolean } | null
    readonly constructor: { readonly mode: string }
  }
}

interface GpuJsModule {
  readonly GPU: GpuJsClass
  readonly input: (values: Float32Array, size: readonly number[]) => unknown
}

interface GpuJsClass {
  new (settings: { readonly mode: string }): GpuJs
  readonly isHeadlessGLSupported: boolean
  readonly isWebGL2Supported: boolean
  readonly isWebGPUSupported: boolean
  readonly isWebAssemblySupported: boolean
  readonly isSinglePrecisionSupported: boolean
  isWebGPUAvailable(): Promise<boolean>
}

/** Builds for browsers export the class, with the rest as its members; others export an object. */
function unwrap(module: object): GpuJsModule {
  const whole = 'default' in module ? (module.default as object) : module
  const { GPU } = whole as Partial<GpuJsModule>
  return GPU === undefined
    ? { GPU: whole as GpuJsClass, input: (whole as GpuJsModule).input }
    : (whole as GpuJsModule)
}

const gpuJs = unwrap(imported)

export const GPU: GpuJsClass = gpuJs.GPU
/** Marks a typed array as an argument of a kernel, of the given size. */
export const input: GpuJsModule['input'] = gpuJs.input
