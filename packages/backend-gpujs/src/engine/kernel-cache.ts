import type { GpuJsKernel } from './gpu-js.ts'

/** Compiled kernels by source: the ones that were not used for longest make room. */
export class KernelCache {
  readonly #kernels = new Map<string, GpuJsKernel>()
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

  find(key: string, compile: () => GpuJsKernel): GpuJsKernel {
    const known = this.#kernels.get(key)
    if (known) {
      // A map keeps the order of insertion: what is used goes to its end.
      this.#kernels.delete(key)
      this.#kernels.set(key, known)
      return known
    }
    const kernel = compile()
    this.#compiled += 1
    this.#kernels.set(key, kernel)
    if (this.#kernels.size > this.#capacity) {
      const [oldest, unused] = this.#kernels.entries().next().value!
      this.#kernels.delete(oldest)
      unused.destroy()
    }
    return kernel
  }

  clear(): void {
    for (const kernel of this.#kernels.values()) kernel.destroy()
    this.#kernels.clear()
  }
}
