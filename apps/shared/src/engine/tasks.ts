/** Tasks of an engine that can be cancelled from the page. */
export interface Tasks {
  /** Runs something with a signal that `cancel` aborts; an error of an aborted task is its reason. */
  run<Result>(task: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result>
  cancel(task: number): void
  /** Cancels all, and resolves when none runs: what they use may be taken away then. */
  cancelAll(): Promise<void>
}

/**
 * Keeps track of what runs. Work has to let messages in between its steps, with `await nextTask()`.
 *
 * @example
 * const tasks = createTasks()
 * expose({ cancel: tasks.cancel, translate: (task, text) => tasks.run(task, (signal) => translate(text, signal)) })
 */
export function createTasks(): Tasks {
  const running = new Map<number, AbortController>()
  const settled = new Set<Promise<unknown>>()
  return {
    async run(task, work) {
      const controller = new AbortController()
      running.set(task, controller)
      const result = work(controller.signal)
      settled.add(result)
      try {
        await result
        controller.signal.throwIfAborted()
        return await result
      } catch (error) {
        controller.signal.throwIfAborted()
        throw error
      } finally {
        running.delete(task)
        settled.delete(result)
      }
    },
    cancel(task) {
      running.get(task)?.abort()
    },
    async cancelAll() {
      for (const controller of running.values()) controller.abort()
      await Promise.allSettled(settled)
    },
  }
}
