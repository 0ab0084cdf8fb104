/** A backend, and whether it runs on this page. */
export interface BackendReport {
  readonly name: string
  readonly available: boolean
  /** Why not, in a sentence that begins with the name. */
  readonly reason: string | undefined
}

/** The GPU that a backend computes on. */
export interface AdapterReport {
  /** As its driver or its browser names it; empty where neither does. */
  readonly name: string
  /** Whether it is a program on the processor. */
  readonly software: boolean
}

/** What computes: as `qkv doctor` says it. */
export interface DeviceReport {
  readonly chosen: string
  /** Of the CPU backend: which build of its kernels, on how many threads, and why not faster or on more. */
  readonly kernels:
    | { readonly simd: string; readonly threads: number; readonly reasons: readonly string[] }
    | undefined
  /** Of the WebGPU backend. */
  readonly adapter: AdapterReport | undefined
  /** Whether the page may share memory between threads. */
  readonly isolated: boolean
}

/** What every engine can do. */
export interface DeviceApi {
  /** Opens a backend by name, closes the one before, and reports; when it cannot be opened, the one before stays. */
  openDevice(backend: string): Promise<DeviceReport>
  /** Whether each backend runs here. It asks the browser for its GPU: for a page that has shown what it was opened for. */
  listBackends(): Promise<readonly BackendReport[]>
  /** Whether the open device still computes: a GPU can be lost, and does not come back. */
  deviceWorks(): Promise<boolean>
  /** Stops a task between two of its steps; one that has ended is left alone. */
  cancel(task: number): void
}
