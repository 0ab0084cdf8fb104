import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CheckpointError } from '../checkpoint-error.ts'
import { failingFileSystem, systemError } from './failing-file-system.test-helper.ts'
import { nodeFileSystem } from './file-system.ts'
import { readCheckpoint, readLatestCheckpoint } from './read-checkpoint.ts'
import { type CheckpointContent, writeCheckpoint } from './write-checkpoint.ts'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'qkv-checkpoint-')), 'run')
})
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))

function contentAt(step: number): CheckpointContent {
  const weight = { dtype: 'float32', shape: [3], data: Float32Array.of(step, step / 3, -0) } as const
  const moment = { dtype: 'float32', shape: [1], data: Float32Array.of(step * 2) } as const
  return {
    step,
    arrays: { weights: new Map([['weight', weight]]), optimizer: [['moment', moment]] },
    state: { step, rate: 0.1, random: ['7', '8'], best: null },
  }
}

const newest = (name = ''): string => join(folder, 'step-000002', name)
const namesIn = async (path: string): Promise<string[]> => (await readdir(path)).toSorted()

describe('writeCheckpoint and readLatestCheckpoint', () => {
  it('bring everything back', async () => {
    const { path, pruned, notPruned } = await writeCheckpoint(folder, contentAt(123))
    expect([path, pruned, notPruned]).toEqual([join(folder, 'step-000123'), [], []])
    expect(await namesIn(folder)).toEqual(['latest', 'step-000123'])
    expect(await namesIn(path)).toEqual([
      'manifest.json',
      'optimizer.safetensors',
      'state.json',
      'weights.safetensors',
    ])
    expect(await readFile(join(folder, 'latest'), 'utf8')).toBe('step-000123\n')

    const latest = await readLatestCheckpoint(folder)
    expect(latest).toMatchObject({ path, step: 123, state: contentAt(123).state, skipped: [] })
    expect([...(latest?.arrays.keys() ?? [])].toSorted()).toEqual(['optimizer', 'weights'])
    expect(latest?.arrays.get('weights')).toEqual(contentAt(123).arrays['weights'])
  })

  it('give undefined where nothing was saved', async () => {
    expect(await readLatestCheckpoint(folder)).toBeUndefined()
    await mkdir(folder)
    await writeFile(join(folder, 'notes.txt'), 'mine')
    expect(await readLatestCheckpoint(folder)).toBeUndefined()
  })

  it('keep as many as asked, and touch nothing else', async () => {
    await mkdir(join(folder, 'step-by-step'), { recursive: true })
    for (const step of [10, 20, 30]) await writeCheckpoint(folder, contentAt(step), { keep: 2 })
    const { pruned } = await writeCheckpoint(folder, contentAt(40), { keep: 2 })
    expect(pruned).toEqual([join(folder, 'step-000020')])
    expect(await namesIn(folder)).toEqual(['latest', 'step-000030', 'step-000040', 'step-by-step'])
    await writeCheckpoint(folder, contentAt(50), { keep: 1 })
    expect(await namesIn(folder)).toEqual(['latest', 'step-000050', 'step-by-step'])
  })

  it('prune what a run left beyond the step from which it was taken up again', async () => {
    for (const step of [10, 20, 30]) await writeCheckpoint(folder, contentAt(step))
    await writeCheckpoint(folder, contentAt(15), { keep: 2 })
    expect(await namesIn(folder)).toEqual(['latest', 'step-000010', 'step-000015'])
    expect((await readLatestCheckpoint(folder))?.step).toBe(15)
  })

  it('save a step again beside the old one, and read the new one', async () => {
    await writeCheckpoint(folder, contentAt(5))
    const { path } = await writeCheckpoint(folder, { ...contentAt(5), state: 'again' })
    expect(path).toBe(join(folder, 'step-000005-2'))
    expect(await readLatestCheckpoint(folder)).toMatchObject({ path, step: 5, state: 'again' })
    await writeCheckpoint(folder, contentAt(5), { keep: 1 })
    expect(await namesIn(folder)).toEqual(['latest', 'step-000005-3'])
  })

  it('say what could not be pruned', async () => {
    await writeCheckpoint(folder, contentAt(1))
    const fileSystem = {
      ...nodeFileSystem,
      rename: (from: string, to: string) =>
        from.endsWith('step-000001')
          ? Promise.reject(systemError('EACCES', 'denied'))
          : nodeFileSystem.rename(from, to),
    }
    const { notPruned } = await writeCheckpoint(folder, contentAt(2), { keep: 1, fileSystem })
    expect(notPruned).toEqual([{ path: join(folder, 'step-000001'), reason: 'denied' }])
    expect((await readLatestCheckpoint(folder))?.step).toBe(2)
  })

  it.each<[title: string, content: Partial<CheckpointContent>, options: { keep?: number }, message: string]>([
    ['a step below 0', { step: -1 }, {}, 'step of FOLDER is -1, expected a whole number of 0 or more.'],
    ['half a step', { step: 1.5 }, {}, 'step of FOLDER is 1.5, expected a whole number of 0 or more.'],
    ['keeping none', {}, { keep: 0 }, 'keep of FOLDER is 0, expected a whole number of 1 or more.'],
    [
      'a group that is a path',
      { arrays: { '../x': [] } },
      {},
      'arrays of FOLDER has the group "../x", expected letters, digits, - and _',
    ],
    ['state beyond JSON', { state: { loss: Number.NaN } }, {}, 'state.loss of FOLDER/state.json is NaN'],
  ])('refuse %s before anything is written', async (_, content, options, message) => {
    await expect(writeCheckpoint(folder, { ...contentAt(1), ...content }, options)).rejects.toThrow(
      `writeCheckpoint: ${message.replace('FOLDER', folder)}`,
    )
    expect(await readLatestCheckpoint(folder)).toBeUndefined()
  })
})

describe('a failing disk', () => {
  it.each(['one call', 'all calls from then on'] as const)(
    'leaves the old checkpoint or the new one: %s',
    async (scope) => {
      const sound = join(folder, '..', 'sound')
      await writeCheckpoint(sound, contentAt(1))
      await writeCheckpoint(sound, contentAt(2))
      const outcomes: string[] = []
      const leftBehind: string[] = []
      for (let call = 0; ; call += 1) {
        await rm(folder, { recursive: true, force: true })
        await cp(sound, folder, { recursive: true })
        const { fileSystem, failed } = failingFileSystem(call, systemError('ENOSPC', 'no space'), scope)
        const result: unknown = await writeCheckpoint(folder, contentAt(3), { fileSystem, keep: 2 }).catch(
          (caught: unknown) => caught,
        )
        if (failed() === undefined) break
        const latest = await readLatestCheckpoint(folder)
        expect(latest?.skipped).toEqual([])
        expect(latest?.state).toEqual(contentAt(latest?.step ?? Number.NaN).state)
        outcomes.push(`${failed()} ${result instanceof CheckpointError ? 'fails' : 'passes'} ${latest?.step}`)
        const known = ['latest', 'step-000001', 'step-000002', ...(latest?.step === 3 ? ['step-000003'] : [])]
        const unknown = (await namesIn(folder)).filter((name) => !known.includes(name))
        if (scope === 'one call' && result instanceof CheckpointError) leftBehind.push(...unknown)
      }
      expect(leftBehind).toEqual([])
      expect(new Set(outcomes)).toContain('write fails 2')
      expect(outcomes.filter((outcome) => outcome.endsWith('fails 3'))).toEqual(['syncFolder fails 3'])
      expect(outcomes.filter((outcome) => outcome.endsWith('passes 3'))).toEqual([
        'rename passes 3',
        'remove passes 3',
      ])
    },
  )

  it('is explained in one sentence', async () => {
    const { fileSystem } = failingFileSystem(4, systemError('ENOSPC', 'no space'))
    await expect(writeCheckpoint(folder, contentAt(1), { fileSystem })).rejects.toThrow(
      `writeCheckpoint: ${folder} could not be written: the disk is full (ENOSPC), expected room for the whole file. Free some space, or write to another disk.`,
    )
    expect(await namesIn(folder)).toEqual([])
  })
})

/** Changes the manifest of the newest checkpoint. */
async function edit(change: (manifest: Record<string, unknown>) => void): Promise<void> {
  const manifest = JSON.parse(await readFile(newest('manifest.json'), 'utf8')) as Record<string, unknown>
  change(manifest)
  await writeFile(newest('manifest.json'), JSON.stringify(manifest))
}

describe('a damaged checkpoint', () => {
  beforeEach(async () => {
    await writeCheckpoint(folder, contentAt(1))
    await writeCheckpoint(folder, contentAt(2))
  })

  const damages: [title: string, damage: () => Promise<unknown>, reason: string][] = [
    [
      'a file cut short',
      () => truncate(newest('weights.safetensors'), 20),
      'NEWEST/weights.safetensors is 20 bytes long, expected 84 bytes, as its manifest says. It is damaged: use another checkpoint, or copy it again.',
    ],
    [
      'a changed byte',
      async () => {
        const bytes = await readFile(newest('optimizer.safetensors'))
        bytes[bytes.length - 1]! ^= 1
        await writeFile(newest('optimizer.safetensors'), bytes)
      },
      'NEWEST/optimizer.safetensors has SHA-256 ',
    ],
    [
      'a missing file',
      () => rm(newest('state.json')),
      'NEWEST/state.json could not be read: it does not exist (ENOENT)',
    ],
    [
      'a missing manifest',
      () => rm(newest('manifest.json')),
      'NEWEST has no manifest.json, expected a checkpoint that writeCheckpoint finished. Check the path; if it was copied, copy the whole folder.',
    ],
    ['a missing folder', () => rm(newest(), { recursive: true }), 'NEWEST has no manifest.json'],
    [
      'a manifest cut short',
      () => truncate(newest('manifest.json'), 30),
      'NEWEST/manifest.json is not JSON, expected the manifest of a checkpoint.',
    ],
    [
      'a foreign manifest',
      () => writeFile(newest('manifest.json'), '{"weight_map":{}}'),
      'NEWEST/manifest.json names no format, expected "qkv-checkpoint". Another program wrote it',
    ],
    [
      'a list as manifest',
      () => writeFile(newest('manifest.json'), 'null'),
      'NEWEST/manifest.json names no format',
    ],
    [
      'another format',
      () => edit((manifest) => (manifest['format'] = 'other')),
      'NEWEST/manifest.json has format "other", expected "qkv-checkpoint".',
    ],
    [
      'a later version',
      () => edit((manifest) => (manifest['version'] = 2)),
      'NEWEST/manifest.json has version 2, expected 1. A newer @qkv/checkpoints wrote it: update the package.',
    ],
    [
      'a manifest without files',
      () => edit((manifest) => delete manifest['files']),
      'NEWEST/manifest.json lacks a step or a list of files',
    ],
    [
      'a path in the manifest',
      () => edit((manifest) => (manifest['files'] = [{ name: '../latest', bytes: 12, sha256: '' }])),
      'NEWEST/manifest.json lacks a step or a list of files',
    ],
    [
      'a manifest without state',
      () => edit((manifest) => (manifest['files'] = [])),
      'NEWEST lists no state.json in its manifest',
    ],
  ]

  it.each(damages)('is refused and passed over, with the reason: %s', async (_, damage, reason) => {
    await damage()
    const message = `readCheckpoint: ${reason.replace('NEWEST', newest())}`
    const error: unknown = await readCheckpoint(newest()).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(CheckpointError)
    expect((error as CheckpointError).message).toContain(message)

    const latest = await readLatestCheckpoint(folder)
    expect(latest).toMatchObject({ step: 1, state: contentAt(1).state })
    expect(latest?.skipped).toHaveLength(1)
    expect(latest?.skipped[0]).toMatchObject({ path: newest() })
    expect(latest?.skipped[0]?.reason).toContain(message)
  })

  it('is an error if there is no other', async () => {
    await truncate(newest('state.json'), 1)
    await rm(join(folder, 'step-000001'), { recursive: true })
    await expect(readLatestCheckpoint(folder)).rejects.toThrow(
      `readLatestCheckpoint: ${folder} has no usable checkpoint: readCheckpoint: ${newest('state.json')} is 1 bytes long`,
    )
  })

  it('may be the pointer: the newest checkpoint is read, and the pointer reported', async () => {
    await writeFile(join(folder, 'latest'), '../../elsewhere\n')
    const latest = await readLatestCheckpoint(folder)
    expect(latest?.step).toBe(2)
    expect(latest?.skipped).toEqual([
      { path: join(folder, 'latest'), reason: String.raw`It names no checkpoint: "../../elsewhere\n".` },
    ])
    await rm(join(folder, 'latest'))
    expect(await readLatestCheckpoint(folder)).toMatchObject({ step: 2, skipped: [] })
  })

  it('is not a file that was added', async () => {
    await appendFile(newest('notes.txt'), 'mine')
    expect(await readLatestCheckpoint(folder)).toMatchObject({ step: 2, skipped: [] })
  })
})
