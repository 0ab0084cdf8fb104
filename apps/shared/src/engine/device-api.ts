/** A backend, and whether it runs on this page. */
export interface BackendReport {
  readonly name: string
  readonly available: boolean
  /** Why not. */
  readonly reason: string | undefined
}

/** What computes: as `qkv doctor` says it. */
export interface DeviceReport {
  readonly chosen: string
  readonly backends: readonly BackendReport[]
  /** Of the CPU backend: which build of its kernels, on how many threads, and why not faster or on more. */
  readonly kernels:
    | { readonly simd: string; readonly threads: number; readonly reasons: readonly string[] }
    | undefined
  /** Whether the page may share memory between threads. */
  readonly isolated: boolean
}

/** What every engine can do. */
export interface DeviceApi {
  /** Opens a backend by name, closes the one before, and reports. */
  openDevice(backend: string): Promise<DeviceReport>
  /** Stops a task between two of its steps; one that has ended is left alone. */
  cancel(task: number): void
}
