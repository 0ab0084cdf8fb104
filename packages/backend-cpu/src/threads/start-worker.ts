import { workerSource } from './worker-source.ts'

/** A thread that was started. */
export interface Worker {
  terminate(): void
}

interface NodeWorker {
  on(event: string, listener: (error: unknown) => void): void
  unref(): void
  terminate(): Promise<number>
}

interface BrowserWorker {
  addEventListener(
    type: 'error',
    listener: (event: { readonly message?: string; preventDefault(): void }) => void,
  ): void
  postMessage(data: unknown): void
  terminate(): void
}

interface Platform {
  readonly process?: {
    getBuiltinModule?(name: string): {
      readonly Worker: new (source: string, options: object) => NodeWorker
      availableParallelism(): number
    }
  }
  readonly navigator?: { readonly hardwareConcurrency?: number }
  readonly Worker?: new (url: string) => BrowserWorker
  readonly Blob?: new (parts: string[], options: { type: string }) => object
  readonly URL?: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void }
}

const platform = globalThis as Platform

/** How many threads this machine can run at once. */
export function availableThreads(): number {
  const { process, navigator } = platform
  return process?.getBuiltinModule?.('node:os').availableParallelism() ?? navigator?.hardwareConcurrency ?? 1
}

/**
 * Starts a thread with what it needs, in Node and in browsers; throws what the platform throws when it refuses. `onFailure` hears of a
 * thread that could not start, or has died.
 */
export function startWorker(data: object, onFailure: (reason: string) => void): Worker {
  const nodeWorkers = platform.process?.getBuiltinModule?.('node:worker_threads')
  if (nodeWorkers) {
    const worker = new nodeWorkers.Worker(workerSource, { eval: true, workerData: data })
    worker.on('error', (error) => onFailure(error instanceof Error ? error.message : String(error)))
    worker.unref()
    return { terminate: () => void worker.terminate() }
  }
  const { Worker, Blob, URL } = platform
  if (!Worker || !Blob || !URL) throw new Error('the platform has no workers')
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }))
  // The worker asks for its source after this line of work has ended.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
  const worker = new Worker(url)
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    onFailure(
      event.message ?? "the page's content-security policy refused it: allow it with `worker-src blob:`",
    )
  })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  worker.postMessage(data)
  return { terminate: () => worker.terminate() }
}

declare function setTimeout(run: () => void, milliseconds: number): unknown
