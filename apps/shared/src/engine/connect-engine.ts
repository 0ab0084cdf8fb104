import { type Remote, wrap } from 'comlink'

/** An engine as the page sees it: its functions are asynchronous, and run in a worker. */
export type Engine<Api> = Remote<Api>

export interface EngineConnection<Api> {
  readonly engine: Engine<Api>
  /** Rejects when the worker dies, as calls that wait for it would never end otherwise. */
  readonly failed: Promise<never>
  /** Ends the worker, and all that it computes. */
  close(): void
}

/**
 * Connects a page with an engine worker.
 *
 * @example
 * const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module' })
 * const { engine } = connectEngine<MyApi>(worker)
 */
export function connectEngine<Api>(worker: Worker): EngineConnection<Api> {
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      reject(
        new Error(event.message || 'The worker could not be started: its script was refused or is missing.'),
      )
    })
    worker.addEventListener('messageerror', () =>
      reject(new Error('A message of the worker could not be read.')),
    )
  })
  // Whoever does not wait for it is not told twice.
  failed.catch(() => {})
  return { engine: wrap<Api>(worker), failed, close: () => worker.terminate() }
}
