import { basename, dirname, join } from 'node:path'
import { CheckpointError } from '../checkpoint-error.ts'
import { fileError } from './file-error.ts'
import { type FileSystem, nodeFileSystem } from './file-system.ts'
import { removeStale, temporaryName } from './temporary-name.ts'

export interface WriteOptions {
  /** What to write through; by default the disk of this machine. */
  readonly fileSystem?: FileSystem
}

/** The content of a file: bytes, or pieces to be written one after the other. */
export type FileContent = Uint8Array | readonly Uint8Array[]

/**
 * Writes a file so that at any moment, also after a crash, a kill or a power cut, `path` holds either all of what it
 * held before or all of `content`. What a killed writer left beside it is removed on the next write.
 *
 * @throws CheckpointError if it cannot be written: the old file is untouched and nothing is left beside it.
 * @example
 * await writeFileAtomically('runs/latest', new TextEncoder().encode('step-000100\n'))
 */
export async function writeFileAtomically(
  path: string,
  content: FileContent,
  options: WriteOptions = {},
): Promise<void> {
  const fileSystem = options.fileSystem ?? nodeFileSystem
  const operation = 'writeFileAtomically'
  try {
    const target = await fileSystem.resolveLinks(path)
    const folder = dirname(target)
    await removeStale(folder, (base) => base === basename(target), fileSystem)
    await replaceFile(target, content, fileSystem)
    await syncName(operation, path, folder, fileSystem)
  } catch (error) {
    throw fileError(operation, path, 'written', error)
  }
}

async function replaceFile(target: string, content: FileContent, fileSystem: FileSystem): Promise<void> {
  const temporary = join(dirname(target), temporaryName(basename(target)))
  try {
    await writeNewFile(temporary, content, fileSystem)
    await fileSystem.rename(temporary, target)
  } catch (error) {
    await removeQuietly(temporary, fileSystem)
    throw error
  }
}

/** Writes a file that does not exist yet, through to the disk. */
export async function writeNewFile(
  path: string,
  content: FileContent,
  fileSystem: FileSystem,
): Promise<void> {
  const file = await fileSystem.createFile(path)
  try {
    for (const piece of content instanceof Uint8Array ? [content] : content) await file.write(piece)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Removes what a failed write left; the failure itself is what the caller must hear of. */
export async function removeQuietly(path: string, fileSystem: FileSystem): Promise<void> {
  await fileSystem.remove(path).catch(() => {})
}

/** Makes the new names in `folder` safe from a power cut. */
export async function syncName(
  operation: string,
  path: string,
  folder: string,
  fileSystem: FileSystem,
): Promise<void> {
  try {
    await fileSystem.syncFolder(folder)
  } catch (cause) {
    throw new CheckpointError({
      operation,
      source: path,
      got: 'is written but may be gone after a power cut: its folder could not be synchronised',
      expected: 'a folder that the system can synchronise',
      fix: 'Check the disk, and write it again.',
      cause,
    })
  }
}
