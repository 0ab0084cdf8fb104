import { BackendError } from '@qkv/tensor'
import type { WasmExports } from '../generated/exports.ts'
import type { Heap } from '../memory/heap.ts'
import { startWorker, type Worker } from './start-worker.ts'
import type { SplitKernel, Team } from './team.ts'

/** What this thread does while others finish their pieces: looks so often, then sleeps if the platform lets it. */
const spinsForOthers = 20_000
/** How often the others look for work before they sleep: a fifth of a millisecond or so, longer than most gaps between jobs. */
const spinsForWork = 100_000
/** Pieces per thread, so that one that is late has little left. */
const piecesPerThread = 4
/** How often, and for how long, to wait without seeing any progress: only a thread that has died takes so long. */
const mostSlices = 300
const sliceMilliseconds = 100
/** Milliseconds in which a thread should have started. */
const startPatience = 5000
const mostParameters = 32
const reasonBytes = 128

/**
 * Threads that take pieces of work, in the order in which they come (`assembly/team.ts` has the protocol). They are started with the first
 * job that is worth it. One that never starts, or dies, only makes the work slower, unless it dies in the middle of a piece: then `split`
 * throws a `BackendError`, and the team goes on as one thread.
 */
export class ThreadTeam implements Team {
  readonly size: number
  /** Why there are fewer threads than asked for. */
  readonly reasons: string[] = []
  readonly #exports: WasmExports
  readonly #module: object
  readonly #heap: Heap
  readonly #kernels: ReadonlyMap<unknown, number>
  readonly #words: Int32Array
  readonly #parameters: Float64Array
  readonly #reason: Uint8Array
  readonly #workers: Worker[] = []
  #started = false
  #alone = false
  #lost = 0

  readonly #slices: number

  constructor(size: number, exports: WasmExports, module: object, heap: Heap, slices: number = mostSlices) {
    this.#slices = slices
    this.size = size
    this.#exports = exports
    this.#module = module
    this.#heap = heap
    this.#kernels = new Map(Object.values(exports).map((kernel, index) => [kernel, index]))
    const control = exports.controlAddress()
    this.#words = new Int32Array(heap.memory.buffer, control + 192, 5)
    this.#parameters = new Float64Array(heap.memory.buffer, control + 256, mostParameters)
    this.#reason = new Uint8Array(heap.memory.buffer, control + 512, reasonBytes)
  }

  /** How many threads share the work, or will once there is some. */
  get threads(): number {
    return this.#alone ? 1 : this.size - this.#lost
  }

  /** Starts the other threads, and resolves when each works or has failed to, within a few seconds. */
  async ready(): Promise<void> {
    this.start()
    const end = performance.now() + startPatience
    while (performance.now() < end && this.#exports.joined() + 1 < this.threads)
      await new Promise<void>((resolve) => setTimeout(resolve, 1))
  }

  /** Starts the other threads, if that has not been done. */
  start(): void {
    if (this.#started) return
    this.#started = true
    const data = { module: this.#module, memory: this.#heap.memory, spins: spinsForWork }
    for (let index = 1; index < this.size; index++) {
      try {
        this.#workers.push(startWorker(data, (reason) => this.#lose(`a thread has ended: ${reason}`)))
      } catch (error) {
        this.#lose(`the platform refused a thread: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }

  split<Parameters extends readonly (number | boolean)[]>(
    kernel: SplitKernel<Parameters>,
    count: number,
    least: number,
    ...parameters: Parameters
  ): void {
    const size = Math.max(least, Math.ceil(count / (this.size * piecesPerThread)))
    if (count <= size || this.#alone) {
      if (count > 0) kernel(0, count, ...parameters)
      return
    }
    this.start()
    this.#describe(kernel, count, size, parameters)
    const pieces = Math.ceil(count / size)
    this.#exports.publish(pieces)
    try {
      for (let piece = this.#exports.take(); piece >= 0; piece = this.#exports.take()) {
        const first = piece * size
        kernel(first, Math.min(first + size, count), ...parameters)
        this.#exports.finish(false)
      }
    } catch (error) {
      // What lies in the memory is lost, but nobody may work on it any more when the caller goes on.
      this.#exports.finish(true)
      while (this.#exports.take() >= 0) this.#exports.finish(true)
      this.#wait(pieces)
      this.#exports.failed()
      throw error
    }
    this.#wait(pieces)
    if (this.#exports.failed())
      throw this.#deadThread('failed', [String.fromCharCode(...this.#reason).replace(/\0.*/s, '')])
  }

  dispose(): void {
    this.#alone = true
    this.#exports.close()
    for (const worker of this.#workers.splice(0)) worker.terminate()
  }

  #lose(reason: string): void {
    this.#lost += 1
    if (!this.reasons.includes(reason)) this.reasons.push(reason)
  }

  #describe(kernel: unknown, count: number, size: number, parameters: readonly (number | boolean)[]): void {
    const words = this.#words
    words[1] = count
    words[2] = size
    words[3] = this.#kernels.get(kernel)!
    words[4] = parameters.length
    for (let index = 0; index < parameters.length; index++)
      this.#parameters[index] = Number(parameters[index])
  }

  #wait(pieces: number): void {
    if (this.#exports.allFinished(spinsForOthers)) return
    let seen = -1
    for (let slices = this.#slices; slices > 0; slices--) {
      const done = this.#exports.finished()
      if (done === pieces) return
      if (done !== seen) slices = this.#slices
      seen = done
      this.#pause(done)
    }
    this.dispose()
    throw this.#deadThread('stopped', this.reasons)
  }

  /** Sleeps for a while, or spins where the platform does not let a thread sleep, as in windows of browsers. */
  #pause(seen: number): void {
    if (canSleep()) {
      this.#exports.awaitMore(seen, sliceMilliseconds)
      return
    }
    const end = performance.now() + sliceMilliseconds
    while (performance.now() < end && !this.#exports.allFinished(spinsForOthers));
  }

  #deadThread(what: string, reasons: readonly string[]): BackendError {
    return new BackendError({
      operation: 'cpu',
      argument: 'threads',
      got: `a thread ${what} in the middle of its work${reasons.map((reason) => ` (${reason})`).join('')}`,
      expected: 'that all threads finish what they begin',
      fix: 'Run this again from the last checkpoint; `cpu({ threads: 1 })` does without further threads.',
    })
  }
}

let sleeps: boolean | undefined

function canSleep(): boolean {
  if (sleeps === undefined) {
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0)
      sleeps = true
    } catch {
      sleeps = false
    }
  }
  return sleeps
}

declare const performance: { now(): number }
declare function setTimeout(run: () => void, milliseconds: number): unknown
