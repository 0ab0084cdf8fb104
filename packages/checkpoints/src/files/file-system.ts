import { mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file that is being written. */
export interface WritableFile {
  write(bytes: Uint8Array): Promise<void>
  /** Returns when what was written is on the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** What writing needs from the system below: few enough members that a test can make each of them fail. */
export interface FileSystem {
  /** Opens a new file; fails if there is one. */
  createFile(path: string): Promise<WritableFile>
  /** Makes a folder and those above it. */
  createFolder(path: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Removes a file, or a folder with all that is in it; does nothing where there is none. */
  remove(path: string): Promise<void>
  /** The names in a folder. */
  list(folder: string): Promise<string[]>
  /** When a file or folder was last changed, in milliseconds since 1970. */
  modifiedAt(path: string): Promise<number>
  /** The place that a path with links stands for. */
  resolveLinks(path: string): Promise<string>
  /** Returns when names made and changed in a folder are on the disk. */
  syncFolder(folder: string): Promise<void>
}

/** The disk of this machine, through Node. */
export const nodeFileSystem: FileSystem = {
  async createFile(path) {
    const file = await open(path, 'wx')
    return {
      write: (bytes) => file.writeFile(bytes),
      sync: () => file.sync(),
      close: () => file.close(),
    }
  },
  async createFolder(path) {
    await mkdir(path, { recursive: true })
  },
  rename,
  async remove(path) {
    await rm(path, { recursive: true, force: true })
  },
  list: (folder) => readdir(folder),
  async modifiedAt(path) {
    return (await stat(path)).mtimeMs
  },
  async resolveLinks(path) {
    try {
      return await realpath(path)
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error
      // Nothing there yet: the folder must be, and the file will be new.
      await realpath(dirname(path))
      return path
    }
  },
  async syncFolder(folder) {
    // Windows cannot open a folder, and writes names through by itself.
    if (process.platform === 'win32') return
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
}

/** The system's name of what went wrong, such as `ENOSPC`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
