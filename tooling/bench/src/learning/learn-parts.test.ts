import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { associativeRecall } from './associative-recall.ts'
import { learnParts, type LearnPartsOptions } from './learn-parts.ts'
import { nextCharacter } from './next-character.ts'
import type { Task } from './task.ts'
import { variants } from './variants.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qkv-learn-'))
})
afterAll(() => rm(folder, { recursive: true }))

const fewHeldOut = (task: Task): Task => ({ ...task, heldOut: task.heldOut.slice(0, 1) })
const tasks = [associativeRecall(1), nextCharacter('To be, or not to be. '.repeat(500), 1)].map(fewHeldOut)
const budget = { steps: 3, seed: 1 }
const names = ['scaled-dot', 'value-residual', 'graphormer-edges', 'fnet', 'perceiver']

function optionsFor(file: string, trained: string[]): LearnPartsOptions {
  return {
    path: join(folder, file),
    variants: variants().filter(({ name }) => names.includes(name)),
    tasks,
    budgets: { recall: budget, text: budget },
    again: false,
    onPart: ({ name }) => trained.push(name),
  }
}

test('trains what is asked for, and goes on where it was stopped with the same results', async () => {
  const whole: string[] = []
  const { parts } = await learnParts(optionsFor('whole.json', whole))
  expect(whole.toSorted()).toEqual(names.toSorted())
  expect(parts['perceiver']).toEqual({ reason: 'does not give one output per token' })
  expect(parts['fnet']).toMatchObject({ causal: false, tasks: { recall: { accuracy: expect.any(Number) } } })
  expect(parts['fnet']).not.toHaveProperty('tasks.text')

  const first: string[] = []
  const stopped = optionsFor('stopped.json', first)
  const stop = (name: string): never => {
    throw new Error(`stopped after ${name}`)
  }
  await expect(learnParts({ ...stopped, onPart: ({ name }) => stop(name) })).rejects.toThrow('stopped after')
  const resumed = await learnParts(stopped)
  expect(first).toHaveLength(names.length - 1)
  expect(JSON.parse(await readFile(stopped.path, 'utf8'))).toEqual(resumed)
  const losses = ({ parts: all }: typeof resumed): unknown[] =>
    names.map((name) =>
      Object.values('tasks' in all[name]! ? all[name].tasks : {}).map((outcome) =>
        'loss' in outcome ? outcome.loss : 0,
      ),
    )
  expect(losses(resumed)).toEqual(losses({ ...resumed, parts }))
})

test('results of other budgets are not mixed', async () => {
  const options = optionsFor('other.json', [])
  await learnParts({ ...options, variants: options.variants.slice(0, 1) })
  const longer = { ...options, budgets: { recall: { steps: 4, seed: 1 }, text: budget } }
  await expect(learnParts(longer)).rejects.toThrow('other budgets. Say `--fresh`')
})
