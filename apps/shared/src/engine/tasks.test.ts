import { nextTask } from '@qkv/pipelines'
import { expect, test } from 'vitest'
import { runTask } from './run-task.ts'
import { createTasks } from './tasks.ts'

/** Counts until it is told to stop. */
async function count(signal: AbortSignal, reached: { steps: number }, most: number): Promise<number> {
  while (!signal.aborted && reached.steps < most) {
    reached.steps += 1
    await nextTask()
  }
  return reached.steps
}

test('a task that is cancelled stops at its next step, and the others go on', async () => {
  const tasks = createTasks()
  const [first, second] = [{ steps: 0 }, { steps: 0 }]
  const cancelled = tasks.run(1, (signal) => count(signal, first, 1e6))
  const other = tasks.run(2, (signal) => count(signal, second, 100))
  await nextTask()
  tasks.cancel(1)
  await expect(cancelled).rejects.toThrow(/abort/i)
  expect(first.steps).toBeLessThan(10)
  expect(await other).toBe(100)
  tasks.cancel(1)
})

test('when all are cancelled, none runs any more', async () => {
  const tasks = createTasks()
  const reached = [{ steps: 0 }, { steps: 0 }]
  const running = reached.map((each, task) => tasks.run(task, (signal) => count(signal, each, 1e6)))
  const outcomes = Promise.allSettled(running)
  await nextTask()
  await tasks.cancelAll()
  const steps = reached.map((each) => each.steps)
  await nextTask()
  expect(reached.map((each) => each.steps)).toEqual(steps)
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('an error of a cancelled task is the reason of its signal', async () => {
  const controller = new AbortController()
  const cancelled: number[] = []
  const engine = { cancel: (task: number): void => void cancelled.push(task) }
  const started = runTask(engine, controller.signal, async (task) => {
    controller.abort(new Error(`no longer wanted`))
    await nextTask()
    throw new Error(`task ${task} failed in its own words`)
  })
  await expect(started).rejects.toThrow('no longer wanted')
  expect(cancelled).toHaveLength(1)
})

test('an error of any other task is its own', async () => {
  const engine = { cancel: (): void => {} }
  const failing = runTask(engine, new AbortController().signal, async () => {
    throw new Error('damaged')
  })
  await expect(failing).rejects.toThrow('damaged')
})
