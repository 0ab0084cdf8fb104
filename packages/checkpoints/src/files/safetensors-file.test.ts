import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CheckpointError } from '../checkpoint-error.ts'
import { decodeSafetensors } from '../safetensors/decode.ts'
import { encodeSafetensors } from '../safetensors/encode.ts'
import { readSafetensors, writeSafetensors } from './safetensors-file.ts'

const arrays = new Map([
  ['weight', { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
  ['count', { dtype: 'int64', shape: [], data: BigInt64Array.of(-1n) }],
  ['odd', { dtype: 'uint8', shape: [3], data: Uint8Array.of(7, 8, 9) }],
  ['empty', { dtype: 'float16', shape: [0], data: new Uint16Array(0) }],
] as const)

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qkv-safetensors-'))
  path = join(folder, 'model.safetensors')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('writeSafetensors and readSafetensors', () => {
  it('write what encodeSafetensors gives, and read what decodeSafetensors reads', async () => {
    await writeSafetensors(path, arrays, [['format', 'pt']])
    const bytes = await readFile(path)
    expect(Uint8Array.from(bytes)).toEqual(encodeSafetensors(arrays, [['format', 'pt']]))
    expect(await readSafetensors(path)).toEqual(decodeSafetensors(bytes))
  })

  it('read arrays at odd places', async () => {
    const header =
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}'
    await writeFile(
      path,
      Buffer.concat([
        Buffer.of(header.length, 0, 0, 0, 0, 0, 0, 0),
        Buffer.from(header),
        Buffer.of(5, 0, 0, 0x80, 0x3f),
      ]),
    )
    const found = (await readSafetensors(path)).arrays
    expect(found.get('b')).toEqual({ dtype: 'float32', shape: [1], data: Float32Array.of(1) })
  })

  it('refuse every shorter version of a file, with its name', async () => {
    const bytes = encodeSafetensors(arrays)
    for (let length = 0; length < bytes.length; length += 7) {
      await writeFile(path, bytes.subarray(0, length))
      const error: unknown = await readSafetensors(path).catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(CheckpointError)
      expect(error).toMatchObject({ operation: 'readSafetensors', source: path })
    }
  })

  it('explain a missing file and a folder', async () => {
    await expect(readSafetensors(path)).rejects.toThrow(
      `readSafetensors: ${path} could not be read: it does not exist (ENOENT), expected an existing file or folder. Check the path.`,
    )
    await expect(readSafetensors(folder)).rejects.toThrow(
      `${folder} could not be read: it is a folder (EISDIR)`,
    )
  })

  it('name the file in errors about arrays, and leave the old file', async () => {
    await writeSafetensors(path, arrays)
    const wrong = [['x', { dtype: 'float32', shape: [3], data: Float32Array.of(1) }]] as const
    await expect(writeSafetensors(path, wrong)).rejects.toThrow(
      `writeSafetensors: tensor "x", data of ${path} is 4 bytes long`,
    )
    expect((await readSafetensors(path)).arrays.size).toBe(4)
    expect(await readdir(folder)).toEqual(['model.safetensors'])
  })
})
