import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CheckpointError } from '../checkpoint-error.ts'
import type { NamedArrays } from '../named-array.ts'
import { safetensorsChunks } from '../safetensors/encode.ts'
import {
  ARRAYS_SUFFIX,
  byRecency,
  LATEST_FILE,
  listSteps,
  MANIFEST_FILE,
  parseStepFolder,
  STATE_FILE,
  type StepFolder,
  stepFolderName,
} from './checkpoint-folder.ts'
import { fileError } from './file-error.ts'
import { type FileSystem, nodeFileSystem } from './file-system.ts'
import { encodeManifest, manifestEntry } from './manifest.ts'
import { plainJsonText } from './plain-json.ts'
import { removeStale, temporaryName } from './temporary-name.ts'
import {
  type FileContent,
  removeQuietly,
  syncName,
  writeFileAtomically,
  writeNewFile,
  type WriteOptions,
} from './write-file-atomically.ts'

export interface CheckpointContent {
  /** How many training steps are behind it: 0 or more. */
  readonly step: number
  /** Arrays by group, such as `{ weights, optimizer }`: each group becomes a safetensors file. */
  readonly arrays: Readonly<Record<string, NamedArrays>>
  /** Everything else, as data that JSON holds without loss; checked when it is written. */
  readonly state: unknown
}

export interface WriteCheckpointOptions extends WriteOptions {
  /** How many checkpoints to keep, this one included; by default all. */
  readonly keep?: number
}

export interface WrittenCheckpoint {
  /** The folder that holds it, such as `runs/demo/step-000123`. */
  readonly path: string
  /** Older checkpoints that were removed because of `keep`. */
  readonly pruned: readonly string[]
  /** Older checkpoints that should have been removed but could not be, and why. */
  readonly notPruned: readonly { readonly path: string; readonly reason: string }[]
}

const OPERATION = 'writeCheckpoint'

/**
 * Saves a training checkpoint into `folder`, which is made if it is missing: all of its files appear together, as
 * `step-000123`, and then `latest` names it. Whatever happens, a kill or a full disk included, the checkpoint before it
 * stays readable. The arrays must not change until the promise settles: they are not copied.
 *
 * @throws CheckpointError if the content cannot be stored or the disk refuses; `latest` then names what it named before.
 * @example
 * await writeCheckpoint('runs/demo', { step: 100, arrays: { weights }, state: { seed: 7 } }, { keep: 3 })
 * const latest = await readLatestCheckpoint('runs/demo')
 */
export async function writeCheckpoint(
  folder: string,
  content: CheckpointContent,
  options: WriteCheckpointOptions = {},
): Promise<WrittenCheckpoint> {
  const { fileSystem = nodeFileSystem, keep = Number.POSITIVE_INFINITY } = options
  checkOptions(folder, content.step, keep)
  const files = encodeFiles(folder, content)
  try {
    await fileSystem.createFolder(folder)
    await removeStale(folder, (base) => parseStepFolder(base) !== undefined, fileSystem)
    const earlier = await listSteps(folder)
    const name = freeName(content.step, earlier)
    await publish(folder, name, files, fileSystem)
    const superseded = byRecency(earlier, content.step).slice(keep - 1)
    return { path: join(folder, name), ...(await prune(folder, superseded, fileSystem)) }
  } catch (error) {
    throw fileError(OPERATION, folder, 'written', error)
  }
}

function checkOptions(folder: string, step: number, keep: number): void {
  if (!Number.isSafeInteger(step) || step < 0 || step >= 1e15) {
    throw new CheckpointError({
      operation: OPERATION,
      source: folder,
      field: 'step',
      got: `is ${step}`,
      expected: 'a whole number of 0 or more',
      fix: 'Pass the number of finished training steps.',
    })
  }
  if (keep !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(keep) && keep >= 1)) {
    throw new CheckpointError({
      operation: OPERATION,
      source: folder,
      field: 'keep',
      got: `is ${keep}`,
      expected: 'a whole number of 1 or more',
      fix: 'Leave it out to keep every checkpoint.',
    })
  }
}

/** All files of a checkpoint, encoded before anything is written; the manifest is last. */
function encodeFiles(folder: string, { step, arrays, state }: CheckpointContent): [string, FileContent][] {
  const files: [string, FileContent][] = []
  for (const [group, named] of Object.entries(arrays)) {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(group)) {
      throw new CheckpointError({
        operation: OPERATION,
        source: folder,
        field: 'arrays',
        got: `has the group ${JSON.stringify(group)}`,
        expected: 'letters, digits, - and _, at most 64',
        fix: 'Rename the group: it becomes the name of a file.',
      })
    }
    const name = `${group}${ARRAYS_SUFFIX}`
    files.push([name, safetensorsChunks(named, [], { operation: OPERATION, source: join(folder, name) })])
  }
  const text = plainJsonText(state, OPERATION, join(folder, STATE_FILE))
  files.push([STATE_FILE, new TextEncoder().encode(text)])
  const entries = files.map(([name, content]) => manifestEntry(name, content))
  return [...files, [MANIFEST_FILE, encodeManifest(step, entries)]]
}

/** A folder with files cannot be replaced in one step, so saving a step again takes a new name. */
function freeName(step: number, earlier: readonly StepFolder[]): string {
  const attempts = earlier.filter((found) => found.step === step).map(({ attempt }) => attempt)
  return stepFolderName(step, Math.max(0, ...attempts) + 1)
}

async function publish(
  folder: string,
  name: string,
  files: readonly [string, FileContent][],
  fileSystem: FileSystem,
): Promise<void> {
  const temporary = join(folder, temporaryName(name))
  const path = join(folder, name)
  try {
    await fileSystem.createFolder(temporary)
    for (const [file, content] of files) await writeNewFile(join(temporary, file), content, fileSystem)
    await fileSystem.syncFolder(temporary)
    await fileSystem.rename(temporary, path)
  } catch (error) {
    await removeQuietly(temporary, fileSystem)
    throw error
  }
  try {
    await syncName(OPERATION, path, dirname(path), fileSystem)
    const pointer = new TextEncoder().encode(`${name}\n`)
    await writeFileAtomically(join(folder, LATEST_FILE), pointer, { fileSystem })
  } catch (error) {
    // Unless the pointer names it already, a checkpoint that was reported as failed must not stay behind.
    const pointed = await readFile(join(folder, LATEST_FILE), 'utf8').catch(() => '')
    if (pointed !== `${name}\n`) await removeQuietly(path, fileSystem)
    throw error
  }
}

async function prune(
  folder: string,
  superseded: readonly StepFolder[],
  fileSystem: FileSystem,
): Promise<Pick<WrittenCheckpoint, 'pruned' | 'notPruned'>> {
  const pruned: string[] = []
  const notPruned: { path: string; reason: string }[] = []
  for (const { name } of superseded) {
    const path = join(folder, name)
    // Renamed first, so that a kill half-way leaves no folder that looks like a checkpoint.
    const doomed = join(folder, temporaryName(name))
    try {
      await fileSystem.rename(path, doomed)
      await fileSystem.remove(doomed)
      pruned.push(path)
    } catch (error) {
      notPruned.push({ path, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return { pruned, notPruned }
}
