import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { errorCode, type FileSystem } from './file-system.ts'

const HOST =
  hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 32) || 'localhost'
const TEMPORARY = /^(?<base>.+)\.(?<host>[a-z0-9-]+)\.(?<process>\d+)\.[0-9a-f]{8}\.partial$/s
const ONE_DAY = 24 * 60 * 60 * 1000

/** A name for a file or folder in the making; it tells who makes it, so that what a killed writer left is recognised. */
export function temporaryName(base: string): string {
  return `${base}.${HOST}.${process.pid}.${randomBytes(4).toString('hex')}.partial`
}

/** Removes from `folder` what killed writers left of the names that `belongs` accepts. */
export async function removeStale(
  folder: string,
  belongs: (base: string) => boolean,
  fileSystem: FileSystem,
): Promise<void> {
  for (const name of await fileSystem.list(folder)) {
    const found = TEMPORARY.exec(name)?.groups
    if (found === undefined || !belongs(found['base'] ?? '')) continue
    const path = join(folder, name)
    try {
      if (await isStale(path, found['host'] ?? '', Number(found['process']), fileSystem)) {
        await fileSystem.remove(path)
      }
    } catch {
      // Somebody else's leftovers, or cleaned by another writer just now: no reason to fail the write at hand.
    }
  }
}

async function isStale(path: string, host: string, writer: number, fileSystem: FileSystem): Promise<boolean> {
  // Whether a process of another machine lives cannot be asked, so its files get a day.
  if (host !== HOST) return Date.now() - (await fileSystem.modifiedAt(path)) > ONE_DAY
  if (writer !== process.pid) return !isAlive(writer)
  // Same number as ours, but older than this process: in a container every run has the same number.
  const startedAt = Date.now() - process.uptime() * 1000
  return (await fileSystem.modifiedAt(path)) < startedAt
}

function isAlive(writer: number): boolean {
  try {
    process.kill(writer, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}
