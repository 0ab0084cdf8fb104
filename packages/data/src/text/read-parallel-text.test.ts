import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readParallelText } from './read-parallel-text.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qkv-data-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

describe('readParallelText', () => {
  test('reads a tab-separated file with a byte order mark', async () => {
    const path = await file('pairs.tsv', '\uFEFFHello.\t你好。\r\n')
    const { pairs } = await readParallelText({ path, sourceColumn: 1, targetColumn: 0 })
    expect(pairs).toEqual([{ source: '你好。', target: 'Hello.' }])
  })

  test('reads two aligned files', async () => {
    const sourcePath = await file('a.zh', '你好。\n\n')
    const targetPath = await file('a.en', 'Hello.\nBye.\n')
    const result = await readParallelText({ sourcePath, targetPath }, { emptySides: 'skip' })
    expect(result).toEqual({ pairs: [{ source: '你好。', target: 'Hello.' }], skippedLines: [2] })
  })

  test('names the file, line and byte of what is not UTF-8', async () => {
    const path = await file('gb.tsv', Uint8Array.from([0x61, 0x09, 0x62, 0x0a, 0xc4, 0xe3]))
    await expect(readParallelText({ path })).rejects.toMatchObject({
      name: 'DataError',
      operation: 'readParallelText',
      argument: 'path',
      file: path,
      line: 2,
      byteOffset: 4,
    })
  })

  test('names the file of a line without a tab', async () => {
    const path = await file('spaces.tsv', 'Hello.    你好。\n')
    await expect(readParallelText({ path })).rejects.toThrow(
      `readParallelText: 'path' has no tab in line 1 of ${path}`,
    )
  })

  test('names both files of different length', async () => {
    const sourcePath = await file('b.zh', '一\n二\n')
    const targetPath = await file('b.en', 'one\n')
    await expect(readParallelText({ sourcePath, targetPath })).rejects.toThrow(
      `readParallelText: 'targetPath' has 1 lines (${targetPath}), expected 2 as in 'sourcePath' (${sourcePath})`,
    )
  })

  test('says which file cannot be read, and why', async () => {
    const path = join(folder, 'absent.tsv')
    await expect(readParallelText({ path })).rejects.toThrow(
      `readParallelText: 'path' is ${JSON.stringify(path)}, which cannot be read (ENOENT), expected a file`,
    )
    await expect(readParallelText({ sourcePath: folder, targetPath: path })).rejects.toThrow(
      "'sourcePath' is ",
    )
  })

  test('refuses an empty file', async () => {
    const path = await file('empty.tsv', '')
    await expect(readParallelText({ path })).rejects.toThrow(`'path' holds no pair (${path})`)
  })

  test('reads the Tatoeba corpus of the shared data folder', async (context) => {
    const root = process.env['QKV_DATA'] ?? resolve(import.meta.dirname, '../../../../../shared/data')
    const path = join(root, 'translation/cmn-eng.test.tsv')
    if (!existsSync(path))
      return context.skip(`no ${path}: set QKV_DATA to a folder that holds translation/cmn-eng.test.tsv`)
    const { pairs, skippedLines } = await readParallelText({ path, sourceColumn: 1, targetColumn: 0 })
    expect(pairs).toHaveLength(1000)
    expect(skippedLines).toEqual([])
    expect(pairs.every(({ source, target }) => /\p{Script=Han}/u.test(source) && /[a-z]/i.test(target))).toBe(
      true,
    )
  })
})
