/** Tasks of an engine that can be cancelled from the page. */
export interface Tasks {
  /** Runs something with a signal that `cancel` aborts; an error of an aborted task is its reason. */
  run<Result>(task: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result>
  cancel(task: number): void
}

/**
 * Keeps track of what runs. Work has to let messages in between its steps, with `await nextTurn()`.
 *
 * @example
 * const tasks = createTasks()
 * expose({ cancel: tasks.cancel, translate: (task, text) => tasks.run(task, (signal) => translate(text, signal)) })
 */
export function createTasks(): Tasks {
  const running = new Map<number, AbortController>()
  return {
    async run(task, work) {
      const controller = new AbortController()
      running.set(task, controller)
      try {
        const result = await work(controller.signal)
        controller.signal.throwIfAborted()
        return result
      } finally {
        running.delete(task)
      }
    },
    cancel(task) {
      running.get(task)?.abort()
    },
  }
}

const channel = new MessageChannel()
const waiting: (() => void)[] = []
channel.port1.addEventListener('message', () => waiting.shift()?.())
channel.port1.start()

/** Lets messages of the page in; unlike a timer, without a delay. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    channel.port2.postMessage(undefined)
  })
}
