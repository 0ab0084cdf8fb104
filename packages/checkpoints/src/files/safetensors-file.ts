import { type FileHandle, open } from 'node:fs/promises'
import { CheckpointError } from '../checkpoint-error.ts'
import type { NamedArray, NamedArrays } from '../named-array.ts'
import { arrayFromEntry, type Safetensors } from '../safetensors/decode.ts'
import { type Metadata, safetensorsChunks } from '../safetensors/encode.ts'
import { LENGTH_BYTES, parseHeader, type ReadContext, readHeaderLength } from '../safetensors/header.ts'
import { fileError } from './file-error.ts'
import { writeFileAtomically, type WriteOptions } from './write-file-atomically.ts'

/** Systems refuse to read more than 2^31 - 1 bytes at once. */
const LARGEST_READ = 2 ** 30

/**
 * Reads a safetensors file, array by array: no more memory than the arrays need.
 *
 * @throws CheckpointError if the file cannot be read or is not what the format allows.
 * @example
 * const { arrays, metadata } = await readSafetensors('model.safetensors')
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  const context: ReadContext = { operation: 'readSafetensors', source: path }
  try {
    const file = await open(path, 'r')
    try {
      return await readOpenFile(file, context)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw fileError(context.operation, path, 'read', error)
  }
}

/**
 * Writes a safetensors file atomically: at any moment `path` holds all of the old content or all of the new. The arrays
 * must not change until the promise settles: they are not copied.
 *
 * @throws CheckpointError if the arrays do not fit the format, or the file cannot be written; the old file stays.
 * @example
 * const weight = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } as const
 * await writeSafetensors('model.safetensors', new Map([['weight', weight]]))
 */
export async function writeSafetensors(
  path: string,
  arrays: NamedArrays,
  metadata: Metadata = [],
  options: WriteOptions = {},
): Promise<void> {
  const chunks = safetensorsChunks(arrays, metadata, { operation: 'writeSafetensors', source: path })
  await writeFileAtomically(path, chunks, options)
}

async function readOpenFile(file: FileHandle, context: ReadContext): Promise<Safetensors> {
  const { size } = await file.stat()
  const start = await readBytes(file, 0, Math.min(LENGTH_BYTES, size), context)
  const headerLength = readHeaderLength(start, size, context)
  const dataStart = LENGTH_BYTES + headerLength
  const header = await readBytes(file, LENGTH_BYTES, headerLength, context)
  const { entries, metadata } = parseHeader(header, size - dataStart, context)
  const arrays = new Map<string, NamedArray>()
  for (const entry of entries) {
    const data = await readBytes(file, dataStart + entry.begin, entry.end - entry.begin, context)
    arrays.set(entry.name, arrayFromEntry(entry, data))
  }
  return { arrays, metadata }
}

async function readBytes(
  file: FileHandle,
  position: number,
  length: number,
  context: ReadContext,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const piece = Math.min(length - filled, LARGEST_READ)
    const { bytesRead } = await file.read(bytes, filled, piece, position + filled)
    if (bytesRead === 0) {
      throw new CheckpointError({
        ...context,
        got: `ended at byte ${position + filled} while it was read`,
        expected: `${position + length} bytes`,
        fix: 'Another program is changing the file: wait for it, and read again.',
      })
    }
    filled += bytesRead
  }
  return bytes
}
