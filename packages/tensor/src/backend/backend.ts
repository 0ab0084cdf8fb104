import type { DType, HostArray, TensorSpec } from '../dtype.ts'
import type { Op } from '../op.ts'

/** Storage owned by one backend; opaque to everything else. */
export interface BufferHandle {
  /** Name of the backend that made it. */
  readonly owner: string
  readonly byteLength: number
}

/** How a spec lies in its buffer, in elements. */
export interface Layout {
  /** Steps per axis; 0 along a broadcast axis. */
  readonly strides: readonly number[]
  readonly offset: number
}

/**
 * One input of a call. Contiguous from offset 0, unless the backend reads strides for this op. The buffer may be
 * longer than the spec, when the input views its beginning.
 */
export interface OpInput {
  readonly handle: BufferHandle
  readonly spec: TensorSpec
  readonly layout: Layout
  /** The backend may write an output into this buffer and hand it back: nobody else owns it. */
  readonly donated: boolean
}

/** One operation to run. */
export interface OpCall {
  readonly op: Op
  /** Static, plain JSON: with the specs, the key of any kernel cache. */
  readonly attrs: unknown
  /** What changes from step to step (learning rate, random key, position): never baked into a kernel. */
  readonly scalars: readonly number[]
  readonly inputs: readonly OpInput[]
  readonly outputs: readonly TensorSpec[]
}

export interface BackendCapabilities {
  readonly dtypes: ReadonlySet<DType>
  /** Whether `downloadSync` exists. */
  readonly synchronousRead: boolean
  /** How far results may be from float64 truth, relative; the conformance suites use it. */
  readonly relativeTolerance: number
  /** Ops that take inputs with any strides and offset. For all others the core makes contiguous copies. */
  readsStrides(op: Op): boolean
}

export interface BackendMemory {
  readonly liveBuffers: number
  readonly liveBytes: number
}

/**
 * The contract of a tensor backend: twelve members, none of them per op, and one that tells how it runs.
 *
 * A backend never checks shapes, broadcasts or differentiates: the core did that before `run`.
 * Backends are plain objects made by factories, so that decorators can spread them.
 */
export interface Backend {
  readonly specVersion: 1
  readonly name: string
  readonly capabilities: BackendCapabilities
  /** How it runs: what computes, its limits, what is missing. Plain data, read anew each time; `qkv doctor` shows it. */
  readonly description?: object
  /** Primitives must be supported. False on a composite means: decompose it. */
  supports(op: Op, inputs: readonly TensorSpec[], attrs: unknown): boolean
  /** Enqueues and never waits. Returns fresh handles, or a donated one handed back. */
  run(call: OpCall): readonly BufferHandle[]
  /** Copies; the caller may change `data` afterwards. */
  upload(data: HostArray, spec: TensorSpec): BufferHandle
  /** A fresh array of as many elements as the spec has; the buffer may be longer. */
  download(handle: BufferHandle, spec: TensorSpec): Promise<HostArray>
  /** Absent where the platform cannot wait, as on WebGPU. */
  downloadSync?(handle: BufferHandle, spec: TensorSpec): HostArray
  /** Resolves when all that was enqueued is done; late errors surface here. */
  synchronize(): Promise<void>
  /** Takes a buffer back. After `dispose` it does nothing: the garbage collector may find a tensor late. */
  release(handle: BufferHandle): void
  memory(): BackendMemory
  /** Frees everything; disposing twice does nothing. */
  dispose(): Promise<void>
}

/** Wraps a backend and changes one or two members: `profile`, `count`. */
export type BackendDecorator = (inner: Backend) => Backend
