import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckpointError } from '../checkpoint-error.ts'
import type { NamedArray } from '../named-array.ts'
import {
  ARRAYS_SUFFIX,
  byRecency,
  LATEST_FILE,
  listSteps,
  parseStepFolder,
  STATE_FILE,
  type StepFolder,
} from './checkpoint-folder.ts'
import { fileError } from './file-error.ts'
import { errorCode } from './file-system.ts'
import { readManifest, verifyFile } from './manifest.ts'
import type { PlainJson } from './plain-json.ts'
import { readSafetensors } from './safetensors-file.ts'

export interface Checkpoint {
  /** The folder it was read from. */
  readonly path: string
  readonly step: number
  /** Arrays by group, as they were written. */
  readonly arrays: ReadonlyMap<string, Map<string, NamedArray>>
  readonly state: PlainJson
}

export interface LatestCheckpoint extends Checkpoint {
  /** Newer checkpoints that could not be used, and why; empty when all is well. Tell the user. */
  readonly skipped: readonly SkippedCheckpoint[]
}

export interface SkippedCheckpoint {
  readonly path: string
  readonly reason: string
}

/**
 * Reads one checkpoint, such as `runs/demo/step-000123`, and checks each file's size and SHA-256 against its manifest.
 *
 * @throws CheckpointError if it is cut short, damaged, incomplete, or from another program.
 * @example
 * const { step, arrays, state } = await readCheckpoint('runs/demo/step-000123')
 * const weights = arrays.get('weights')
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const operation = 'readCheckpoint'
  const { step, files } = await readManifest(path, operation)
  const arrays = new Map<string, Map<string, NamedArray>>()
  let state: PlainJson | undefined
  for (const entry of files) {
    await verifyFile(path, entry, operation)
    const file = join(path, entry.name)
    if (entry.name === STATE_FILE) {
      state = await readState(file, operation)
    } else if (entry.name.endsWith(ARRAYS_SUFFIX)) {
      arrays.set(entry.name.slice(0, -ARRAYS_SUFFIX.length), (await readSafetensors(file)).arrays)
    }
  }
  if (state === undefined) {
    throw new CheckpointError({
      operation,
      source: path,
      got: `lists no ${STATE_FILE} in its manifest`,
      expected: 'a checkpoint that writeCheckpoint finished',
      fix: 'Use another checkpoint.',
    })
  }
  return { path, step, arrays, state }
}

async function readState(path: string, operation: string): Promise<PlainJson> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as PlainJson
  } catch (error) {
    throw fileError(operation, path, 'read', error)
  }
}

/**
 * Reads the checkpoint that `latest` names in a folder; undefined if the folder holds none. If that one is damaged, reads
 * the newest complete one before it and says so in `skipped`.
 *
 * @throws CheckpointError if there are checkpoints but none can be used.
 * @example
 * const latest = await readLatestCheckpoint('runs/demo')
 * for (const { path, reason } of latest?.skipped ?? []) console.warn(`skipped ${path}: ${reason}`)
 */
export async function readLatestCheckpoint(folder: string): Promise<LatestCheckpoint | undefined> {
  const operation = 'readLatestCheckpoint'
  const skipped: SkippedCheckpoint[] = []
  const pointed = await readPointer(folder, operation, skipped)
  for (const { name } of await candidates(folder, pointed, operation)) {
    const path = join(folder, name)
    try {
      return { ...(await readCheckpoint(path)), skipped }
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error
      skipped.push({ path, reason: error.message })
    }
  }
  const [first] = skipped
  if (first === undefined) return undefined
  throw new CheckpointError({
    operation,
    source: folder,
    got: `has no usable checkpoint: ${skipped.map(({ reason }) => reason).join(' ')}`,
    expected: 'at least one complete checkpoint',
    fix: 'Copy one here, or start again in a new folder.',
  })
}

async function readPointer(
  folder: string,
  operation: string,
  skipped: SkippedCheckpoint[],
): Promise<StepFolder | undefined> {
  const path = join(folder, LATEST_FILE)
  try {
    const text = (await readFile(path, 'utf8')).slice(0, 80)
    const pointed = parseStepFolder(text.trimEnd())
    if (pointed === undefined) {
      skipped.push({ path, reason: `It names no checkpoint: ${JSON.stringify(text)}.` })
    }
    return pointed
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw fileError(operation, path, 'read', error)
  }
}

/** The checkpoint that `latest` names, whether or not it is there, and then the others, newest first. */
async function candidates(
  folder: string,
  pointed: StepFolder | undefined,
  operation: string,
): Promise<StepFolder[]> {
  try {
    const found = await listSteps(folder)
    if (pointed === undefined) return byRecency(found, Number.POSITIVE_INFINITY)
    const others = found.filter(({ name }) => name !== pointed.name)
    return [pointed, ...byRecency(others, pointed.step)]
  } catch (error) {
    throw fileError(operation, folder, 'read', error)
  }
}
