import type { GpuJsKernel } from './gpu-js.ts'

/** A kernel in the cache, and what keeps it from being destroyed. */
export interface CachedKernel {
  readonly run: GpuJsKernel
  /** Has run once, as it should. */
  proven: boolean
  /** Results on the device that are still in use: a texture is read and freed by the kernel that made it. */
  results: number
  /** Has made room for others. */
  evicted: boolean
}

/** Compiled kernels by source: the ones that were not used for longest make room, and are destroyed once nothing needs them. */
export class KernelCache {
  readonly #kernels = new Map<string, CachedKernel>()
  readonly #capacity: number
  #compiled = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#kernels.size
  }

  /** How many kernels were compiled, those that made room included. */
  get compiled(): number {
    return this.#compiled
  }

  find(key: string, compile: () => GpuJsKernel): CachedKernel {
    const known = this.#kernels.get(key)
    if (known) {
      // A map keeps the order of insertion: what is used goes to its end.
      this.#kernels.delete(key)
      this.#kernels.set(key, known)
      return known
    }
    const kernel: CachedKernel = { run: compile(), proven: false, results: 0, evicted: false }
    this.#compiled += 1
    this.#kernels.set(key, kernel)
    if (this.#kernels.size > this.#capacity) {
      const [oldest, unused] = this.#kernels.entries().next().value!
      this.#kernels.delete(oldest)
      unused.evicted = true
      destroyUnneeded(unused)
    }
    return kernel
  }

  /** Counts a result that stays on the device. */
  hold(kernel: CachedKernel): void {
    kernel.results += 1
  }

  /** A result was freed. */
  release(kernel: CachedKernel): void {
    kernel.results -= 1
    destroyUnneeded(kernel)
  }
}

function destroyUnneeded({ run, results, evicted }: CachedKernel): void {
  if (evicted && results === 0) run.destroy()
}
