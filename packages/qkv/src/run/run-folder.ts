import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomically } from '@qkv/checkpoints/files'
import { modelFileNames, storeAttention } from '@qkv/pipelines'
import type { ResolvedConfig } from '../config/resolve-config.ts'
import { RunError } from '../errors/run-error.ts'
import { listFolder } from './list-folder.ts'

/** The files and folders of a run, besides those of its model. */
export const runFiles = { record: 'run.json', log: 'log.jsonl', checkpoints: 'checkpoints' } as const

/** What `run.json` holds: what a run that goes on must have in common with the one that began. */
export interface RunRecord {
  readonly format: 'qkv-run'
  readonly version: 1
  /** The fields of the config that decide what the weights become. */
  readonly settings: RunSettings
  readonly data: { readonly trainPairs: number; readonly sha256: string }
}

type RunSettings = Readonly<Record<string, unknown>>

/** Describes a run; fields that only say when to stop, look or save may differ when it goes on. */
export function recordRun(config: ResolvedConfig, data: RunRecord['data']): RunRecord {
  const { optimizer, schedule, learningRate, warmup, labelSmoothing } = config.trainer
  const { tokensPerBatch, accumulate, clipNorm, seed } = config.trainer
  const settings = {
    tokenizer: config.tokenizer,
    model: { ...config.model, attention: storeAttention(config.model.attention) },
    trainer: {
      optimizer,
      schedule,
      learningRate,
      warmup,
      labelSmoothing,
      tokensPerBatch,
      accumulate,
      clipNorm,
      seed,
    },
  }
  // Through JSON, so that it compares with what was read.
  return JSON.parse(JSON.stringify({ format: 'qkv-run', version: 1, settings, data })) as RunRecord
}

/** Makes the folder of a new run. Throws a `RunError` when it holds one already, or files that the run would replace. */
export async function claimRunFolder(folder: string, record: RunRecord): Promise<void> {
  const ours: readonly string[] = [...Object.values(modelFileNames), ...Object.values(runFiles)]
  const taken = (await listFolder(folder)).filter((name) => ours.includes(name))
  if (taken.length > 0) {
    throw new RunError({
      operation: 'train',
      argument: 'output',
      got: `is ${folder}, which holds ${taken.includes(runFiles.record) ? 'a run' : taken.join(', ')} already`,
      expected: 'a new or empty folder',
      fix: taken.includes(runFiles.record)
        ? 'Go on with that run with --resume, or choose another folder with --output.'
        : 'Choose another folder with --output.',
    })
  }
  await mkdir(folder, { recursive: true })
  await writeFileAtomically(
    join(folder, runFiles.record),
    new TextEncoder().encode(`${JSON.stringify(record, undefined, 1)}\n`),
  )
}

/** Checks that a folder holds the run that goes on. Throws a `RunError` when it is another, or none. */
export async function checkRunFolder(folder: string, record: RunRecord): Promise<void> {
  const stored = await readRecord(folder)
  const difference = firstDifference(stored.settings, record.settings, '')
  if (difference) {
    throw new RunError({
      operation: 'train',
      argument: difference.path,
      got: `is ${JSON.stringify(difference.now)} now`,
      expected: `${JSON.stringify(difference.before)}, as when the run in ${folder} began`,
      fix: 'Set it back to go on, or start another run with another --output.',
    })
  }
  if (stored.data.sha256 !== record.data.sha256) {
    throw new RunError({
      operation: 'train',
      argument: 'data',
      got: `gives ${record.data.trainPairs} other training pairs now`,
      expected: `the ${stored.data.trainPairs} pairs with which the run in ${folder} began`,
      fix: 'Bring the old data back to go on, or start another run with another --output.',
    })
  }
}

async function readRecord(folder: string): Promise<RunRecord> {
  const path = join(folder, runFiles.record)
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw Object.assign(noRunError(folder, 'has no readable run.json'), { cause })
  }
  const isRecord =
    typeof value === 'object' && value !== null && 'format' in value && value.format === 'qkv-run'
  if (!isRecord) throw noRunError(folder, 'has a run.json of another program')
  return value as RunRecord
}

function noRunError(folder: string, problem: string): RunError {
  return new RunError({
    operation: 'train',
    argument: 'output',
    got: `is ${folder}, which ${problem}`,
    expected: 'the folder of a run to go on with',
    fix: 'Check --output and `output` in the config, or leave --resume out to start a run there.',
  })
}

interface Difference {
  readonly path: string
  readonly before: unknown
  readonly now: unknown
}

function firstDifference(before: unknown, now: unknown, path: string): Difference | undefined {
  if (!isObject(before) || !isObject(now)) {
    return before === now ? undefined : { path, before, now }
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const found = firstDifference(before[key], now[key], path === '' ? key : `${path}.${key}`)
    if (found) return found
  }
  return undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
