import { rm } from 'node:fs/promises'
import { type ArgsDef, type CommandDef, defineCommand } from 'citty'
import { associativeRecall } from './associative-recall.ts'
import { learnParts } from './learn-parts.ts'
import type { LearnedPart } from './learned.ts'
import { nextCharacter } from './next-character.ts'
import { readShakespeare } from './read-shakespeare.ts'
import type { TrainingBudget } from './train-variant.ts'
import { type Variant, variants } from './variants.ts'

const seed = 1
const budgets: Readonly<Record<string, TrainingBudget>> = {
  recall: { steps: 800, seed },
  text: { steps: 300, seed },
}

/** Trains every attention part on two tasks, for the table in docs/reference/parts-learned.md. */
export const learnCommand: CommandDef = defineCommand<ArgsDef>({
  meta: {
    name: 'learn',
    description:
      'Train a small model with every attention part on two tasks, and write what it learned. Goes on where it was stopped.',
  },
  args: {
    parts: { type: 'string', description: 'train these parts (again), separated by commas' },
    times: {
      type: 'string',
      default: '1',
      description:
        'so many times the usual steps: whether a part is slow, or cannot; with an output of its own',
    },
    fresh: { type: 'boolean', default: false, description: 'forget what is known, and begin again' },
    output: {
      type: 'string',
      default: new URL('../../../../docs/reference/parts-learned.json', import.meta.url).pathname,
      description: 'the file of results',
    },
  },
  async run({ args }) {
    const path = String(args['output'])
    const times = Number(args['times'])
    if (!Number.isInteger(times) || times < 1) {
      console.error(`bench: '--times' is '${String(args['times'])}', expected a whole number of at least 1.`)
      return process.exit(2)
    }
    const names = args['parts'] as string | undefined
    const chosen = choose(names)
    const tasks = [associativeRecall(seed), nextCharacter(await readShakespeare(), seed)]
    if (args['fresh'] === true) await rm(path, { force: true })
    try {
      await learnParts({
        path,
        variants: chosen,
        tasks,
        budgets: longer(times),
        again: names !== undefined,
        onPart: ({ name, learned, left }) =>
          console.error(`${name}: ${summaryOf(learned)} (${left === 0 ? 'the last' : `${left} to go`})`),
      })
    } catch (error) {
      console.error(`bench: ${error instanceof Error ? error.message : String(error)}`)
      return process.exit(1)
    }
    console.log(`wrote ${path}; npm run catalogue puts it into the table`)
  },
})

function longer(times: number): Readonly<Record<string, TrainingBudget>> {
  return Object.fromEntries(
    Object.entries(budgets).map(([task, { steps }]) => [task, { steps: steps * times, seed }]),
  )
}

function choose(names: string | undefined): readonly Variant[] {
  const all = variants()
  if (names === undefined) return all
  return names.split(',').map((name) => {
    const variant = all.find((other) => other.name === name)
    if (variant) return variant
    console.error(`bench: '--parts' names '${name}', expected names that \`npx qkv parts\` lists.`)
    return process.exit(2)
  })
}

function summaryOf(learned: LearnedPart): string {
  if ('reason' in learned) return learned.reason
  return Object.entries(learned.tasks)
    .map(([task, outcome]) =>
      'divergedAt' in outcome
        ? `${task} diverged at step ${outcome.divergedAt}`
        : `${task} loss ${outcome.loss}, right ${(outcome.accuracy * 100).toFixed(1)} %, ${outcome.milliseconds} ms per step`,
    )
    .join('; ')
}
