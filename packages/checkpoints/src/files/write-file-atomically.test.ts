import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CheckpointError } from '../checkpoint-error.ts'
import { type FileSystem, nodeFileSystem } from './file-system.ts'
import { systemError, failingFileSystem } from './failing-file-system.test-helper.ts'
import { temporaryName } from './temporary-name.ts'
import { writeFileAtomically } from './write-file-atomically.ts'

const text = (content: string): Uint8Array => new TextEncoder().encode(content)

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qkv-atomic-'))
  path = join(folder, 'weights.bin')
  await writeFile(path, 'old')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** The error of a write that must fail. */
async function failure(write: Promise<unknown>): Promise<CheckpointError> {
  const error: unknown = await write.then(
    () => new Error('It succeeded.'),
    (caught: unknown) => caught,
  )
  if (error instanceof CheckpointError) return error
  throw error
}

describe('writeFileAtomically', () => {
  it('replaces a file, makes a new one, and leaves nothing beside them', async () => {
    await writeFileAtomically(path, text('new'))
    await writeFileAtomically(join(folder, 'other'), [text('in '), text(''), text('pieces')])
    expect(await readFile(path, 'utf8')).toBe('new')
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('in pieces')
    expect((await readdir(folder)).toSorted()).toEqual(['other', 'weights.bin'])
  })

  it('writes the file behind a link, and keeps the link', async () => {
    await symlink(path, join(folder, 'link'))
    await writeFileAtomically(join(folder, 'link'), text('new'))
    expect(await readFile(path, 'utf8')).toBe('new')
    await writeFile(path, 'newer')
    expect(await readFile(join(folder, 'link'), 'utf8')).toBe('newer')
  })

  it('leaves one whole content when several writers meet', async () => {
    const contents = Array.from({ length: 20 }, (_, index) => String(index % 10).repeat(50_000))
    await Promise.all(contents.map((content) => writeFileAtomically(path, text(content))))
    expect(contents).toContain(await readFile(path, 'utf8'))
    expect(await readdir(folder)).toEqual(['weights.bin'])
  })

  it('keeps the old file and removes the new one, whichever call fails', async () => {
    const outcomes: string[] = []
    for (let call = 0; ; call += 1) {
      await writeFile(path, 'old')
      const { fileSystem, failed } = failingFileSystem(call, systemError('EIO', 'i/o error'))
      const error = await writeFileAtomically(path, text('new'), { fileSystem }).catch(
        (caught: unknown) => caught,
      )
      if (failed() === undefined) break
      expect(error).toBeInstanceOf(CheckpointError)
      expect(await readdir(folder)).toEqual(['weights.bin'])
      outcomes.push(`${failed()}: ${await readFile(path, 'utf8')}`)
    }
    expect(outcomes).toEqual([
      'resolveLinks: old',
      'list: old',
      'createFile: old',
      'write: old',
      'sync: old',
      'close: old',
      'rename: old',
      'syncFolder: new',
    ])
    expect(await readFile(path, 'utf8')).toBe('new')
  })

  it.each([
    [
      'ENOSPC',
      'the disk is full (ENOSPC), expected room for the whole file. Free some space, or write to another disk.',
    ],
    [
      'EACCES',
      'permission is denied (EACCES), expected a place that this user may use. Change its permissions, or choose another place.',
    ],
    [
      'EROFS',
      'the disk is read-only (EROFS), expected a place that this user may use. Change its permissions, or choose another place.',
    ],
    ['EWEIRD', 'something odd, expected a working disk. Check the disk, and try again.'],
  ])('says what to do about %s', async (code, sentence) => {
    const { fileSystem } = failingFileSystem(2, systemError(code, 'something odd'))
    const error = await failure(writeFileAtomically(path, text('new'), { fileSystem }))
    expect(error.message).toBe(`writeFileAtomically: ${path} could not be written: ${sentence}`)
    expect(error.cause).toMatchObject({ code })
  })

  it('says so if only the name may be lost in a power cut', async () => {
    const { fileSystem } = failingFileSystem(7, systemError('EIO', 'i/o error'))
    const error = await failure(writeFileAtomically(path, text('new'), { fileSystem }))
    expect(error.got).toBe(
      'is written but may be gone after a power cut: its folder could not be synchronised',
    )
  })

  it('explains a missing folder, a file on the way, and a folder in its place', async () => {
    const missing = join(folder, 'none', 'file')
    expect((await failure(writeFileAtomically(missing, text('')))).message).toBe(
      `writeFileAtomically: ${missing} could not be written: its folder does not exist (ENOENT), expected an existing folder. Check the path, or create the folder first.`,
    )
    const below = join(path, 'file')
    expect((await failure(writeFileAtomically(below, text('')))).got).toContain(
      'a part of the path is a file (ENOTDIR)',
    )
    await mkdir(join(folder, 'taken'))
    expect((await failure(writeFileAtomically(join(folder, 'taken'), text('')))).got).toContain(
      'it is a folder (EISDIR)',
    )
    expect((await readdir(folder)).toSorted()).toEqual(['taken', 'weights.bin'])
  })

  it.skipIf(!existsSync('/dev/full'))(
    'meets a full disk as the system reports it (needs /dev/full)',
    async () => {
      const fileSystem: FileSystem = {
        ...nodeFileSystem,
        async createFile(created) {
          const file = await nodeFileSystem.createFile(created)
          const full = await open('/dev/full', 'w')
          const close = async (): Promise<void> => {
            await full.close()
            await file.close()
          }
          return { ...file, write: (bytes) => full.writeFile(bytes), close }
        },
      }
      const error = await failure(writeFileAtomically(path, text('new'), { fileSystem }))
      expect(error.got).toBe('could not be written: the disk is full (ENOSPC)')
      expect(await readFile(path, 'utf8')).toBe('old')
      expect(await readdir(folder)).toEqual(['weights.bin'])
    },
  )
})

/** What a writer that was killed leaves: half of a file, last changed at some time. */
async function leave(name: string, changed: Date = new Date()): Promise<string> {
  await writeFile(join(folder, name), 'half')
  await utimes(join(folder, name), changed, changed)
  return name
}

describe('what killed writers leave', () => {
  const host = /\.([a-z0-9-]+)\.\d+\.[0-9a-f]{8}\.partial$/.exec(temporaryName('x'))?.[1] ?? ''
  it('carries the name of this machine', () => {
    expect(host).toBe(
      hostname()
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .slice(0, 32),
    )
  })

  it('is removed if its writer is dead, or older than this process and of the same number', async () => {
    const dead = spawnSync(process.execPath, ['--eval', '0']).pid
    await leave(`weights.bin.${host}.${dead}.01234567.partial`)
    await leave(`weights.bin.${host}.${process.pid}.01234567.partial`, new Date('2001-01-01'))
    await leave('weights.bin.another-machine.1.01234567.partial', new Date('2001-01-01'))
    await writeFileAtomically(path, text('new'))
    expect(await readdir(folder)).toEqual(['weights.bin'])
  })

  it('stays if its writer may be alive, or if it is not ours', async () => {
    const others = [
      await leave(temporaryName('weights.bin')),
      await leave(`weights.bin.${host}.${process.ppid}.01234567.partial`),
      await leave('weights.bin.another-machine.1.01234567.partial'),
      await leave(`other.bin.${host}.999999999.01234567.partial`),
      await leave('weights.bin.partial'),
    ]
    await writeFileAtomically(path, text('new'))
    expect((await readdir(folder)).toSorted()).toEqual([...others, 'weights.bin'].toSorted())
  })

  it('does not fail a write if it cannot be removed', async () => {
    const left = await leave(`weights.bin.${host}.999999999.01234567.partial`)
    const fileSystem: FileSystem = {
      ...nodeFileSystem,
      remove: () => Promise.reject(systemError('EPERM', 'not yours')),
    }
    await writeFileAtomically(path, text('new'), { fileSystem })
    expect(await readFile(path, 'utf8')).toBe('new')
    expect(await readdir(folder)).toContain(left)
  })
})
