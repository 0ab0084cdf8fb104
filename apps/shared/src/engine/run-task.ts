/** An engine whose tasks can be stopped by their number. */
export interface TaskApi {
  cancel(task: number): void | Promise<void>
}

let tasks = 0

/**
 * Runs something in an engine under a number of its own, and cancels it there when the signal is aborted; rejects with the
 * signal's reason then.
 *
 * @example
 * const result = await runTask(engine, signal, (task) => engine.translate(task, text))
 */
export async function runTask<Result>(
  engine: TaskApi,
  signal: AbortSignal | undefined,
  run: (task: number) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted()
  const task = ++tasks
  const cancel = (): void => void engine.cancel(task)
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    const result = await run(task)
    signal?.throwIfAborted()
    return result
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}
