import { readFile } from 'node:fs/promises'
import { writeFileAtomically } from '@qkv/checkpoints/files'
import { describeOneThread } from '../describe-machine.ts'
import type { LearnedFile, LearnedPart } from './learned.ts'
import type { Task } from './task.ts'
import { type Outcome, type TrainingBudget, trainVariant } from './train-variant.ts'
import type { Variant } from './variants.ts'

export interface LearnPartsOptions {
  /** The file of results: read first, and written after every part. */
  readonly path: string
  readonly variants: readonly Variant[]
  readonly tasks: readonly Task[]
  /** By task. */
  readonly budgets: Readonly<Record<string, TrainingBudget>>
  /** Trains again what the file has. */
  readonly again: boolean
  onPart(event: { readonly name: string; readonly learned: LearnedPart; readonly left: number }): void
}

/**
 * Trains a model with each variant that the file does not have, on every task that the variant can be asked.
 * Throws an error when the file was made with other budgets.
 */
export async function learnParts(options: LearnPartsOptions): Promise<LearnedFile> {
  const { path, variants, tasks, budgets, again, onPart } = options
  const file: LearnedFile = await readResults(path, budgets)
  const waiting = variants.filter(({ name }) => again || file.parts[name] === undefined)
  const parts: Record<string, LearnedPart> = { ...file.parts }
  for (const [index, variant] of waiting.entries()) {
    const learned = await learn(variant, tasks, budgets)
    parts[variant.name] = learned
    await writeFileAtomically(
      path,
      new TextEncoder().encode(`${JSON.stringify({ ...file, parts }, undefined, 2)}\n`),
    )
    onPart({ name: variant.name, learned, left: waiting.length - index - 1 })
  }
  return { ...file, parts }
}

async function readResults(path: string, budgets: LearnedFile['budgets']): Promise<LearnedFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return { machine: describeOneThread(), budgets, parts: {} }
  const file = JSON.parse(text) as LearnedFile
  if (JSON.stringify(file.budgets) === JSON.stringify(budgets)) return file
  throw new Error(`${path} was made with other budgets. Say \`--fresh\` to forget it and begin again.`)
}

async function learn(
  variant: Variant,
  tasks: readonly Task[],
  budgets: LearnedFile['budgets'],
): Promise<LearnedPart> {
  if ('reason' in variant) return { reason: variant.reason }
  const { composition, causal, name } = variant
  const outcomes: Record<string, Outcome> = {}
  for (const task of tasks) {
    if (task.causal && !causal) continue
    outcomes[task.name] = rounded(await trainVariant(task, composition, budgets[task.name]!))
  }
  const { options } = composition.parts.find((part) => part.name === name)!
  return {
    parts: composition.parts.map((part) => part.name),
    ...(options && { options }),
    causal,
    tasks: outcomes,
  }
}

function rounded(outcome: Outcome): Outcome {
  if ('divergedAt' in outcome) return outcome
  const { loss, accuracy, milliseconds } = outcome
  return {
    ...outcome,
    loss: Number(loss.toFixed(4)),
    accuracy: Number(accuracy.toFixed(4)),
    milliseconds: Number(milliseconds.toPrecision(3)),
  }
}
