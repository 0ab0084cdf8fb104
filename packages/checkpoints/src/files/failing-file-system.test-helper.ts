import { type FileSystem, nodeFileSystem, type WritableFile } from './file-system.ts'

export function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

/** The disk, but one call fails: the one after `callsBefore` others. `failed` names it, if it came to that. */
export function failingFileSystem(
  callsBefore: number,
  error: Error,
  scope: 'one call' | 'all calls from then on' = 'one call',
): { readonly fileSystem: FileSystem; readonly failed: () => string | undefined } {
  let calls = 0
  let failed: string | undefined

  const guard = <Arguments extends readonly unknown[], Result>(
    name: string,
    call: (...given: Arguments) => Promise<Result>,
  ) => {
    return async (...given: Arguments): Promise<Result> => {
      const index = calls
      calls += 1
      if (index === callsBefore || (index > callsBefore && scope === 'all calls from then on')) {
        failed ??= name
        throw error
      }
      return call(...given)
    }
  }

  const createFile = async (path: string): Promise<WritableFile> => {
    const file = await nodeFileSystem.createFile(path)
    return {
      write: guard('write', file.write),
      sync: guard('sync', file.sync),
      // The handle is closed in any case: the test's own process must not run out of them.
      close: async () => {
        await file.close()
        await guard('close', () => Promise.resolve())()
      },
    }
  }
  const fileSystem: FileSystem = {
    createFile: guard('createFile', createFile),
    createFolder: guard('createFolder', nodeFileSystem.createFolder),
    rename: guard('rename', nodeFileSystem.rename),
    remove: guard('remove', nodeFileSystem.remove),
    list: guard('list', nodeFileSystem.list),
    modifiedAt: guard('modifiedAt', nodeFileSystem.modifiedAt),
    resolveLinks: guard('resolveLinks', nodeFileSystem.resolveLinks),
    syncFolder: guard('syncFolder', nodeFileSystem.syncFolder),
  }
  return { fileSystem, failed: () => failed }
}
