import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckpointError } from '../checkpoint-error.ts'
import { MANIFEST_FILE } from './checkpoint-folder.ts'
import { fileError } from './file-error.ts'
import { errorCode } from './file-system.ts'
import type { FileContent } from './write-file-atomically.ts'

const FORMAT = 'qkv-checkpoint'
const VERSION = 1

export interface ManifestEntry {
  readonly name: string
  readonly bytes: number
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string
}

/** The table of contents of a checkpoint: written last, so a folder without it is not complete. */
export interface Manifest {
  readonly format: typeof FORMAT
  readonly version: typeof VERSION
  readonly step: number
  readonly files: readonly ManifestEntry[]
}

export function manifestEntry(name: string, content: FileContent): ManifestEntry {
  const hash = createHash('sha256')
  let bytes = 0
  for (const piece of content instanceof Uint8Array ? [content] : content) {
    hash.update(piece)
    bytes += piece.length
  }
  return { name, bytes, sha256: hash.digest('hex') }
}

export function encodeManifest(step: number, files: readonly ManifestEntry[]): Uint8Array {
  const manifest: Manifest = { format: FORMAT, version: VERSION, step, files }
  return new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`)
}

/** Reads the manifest of a checkpoint, and checks that it is one. */
export async function readManifest(folder: string, operation: string): Promise<Manifest> {
  const source = join(folder, MANIFEST_FILE)
  let text: string
  try {
    text = await readFile(source, 'utf8')
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw fileError(operation, source, 'read', error)
    throw new CheckpointError({
      operation,
      source: folder,
      got: `has no ${MANIFEST_FILE}`,
      expected: 'a checkpoint that writeCheckpoint finished',
      fix: 'Check the path; if it was copied, copy the whole folder.',
      cause: error,
    })
  }
  return parseManifest(text, source, operation)
}

function parseManifest(text: string, source: string, operation: string): Manifest {
  const fail = (got: string, expected: string, fix: string): never => {
    throw new CheckpointError({ operation, source, got, expected, fix })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return fail('is not JSON', 'the manifest of a checkpoint', 'It is damaged: use another checkpoint.')
  }
  const { format, version, step, files } = isRecord(value) ? value : {}
  if (format !== FORMAT) {
    const got = format === undefined ? 'names no format' : `has format ${JSON.stringify(format)}`
    return fail(got, JSON.stringify(FORMAT), 'Another program wrote it: read it with that program.')
  }
  if (version !== VERSION) {
    const got = `has version ${JSON.stringify(version)}`
    return fail(got, String(VERSION), 'A newer @qkv/checkpoints wrote it: update the package.')
  }
  if (!isWholeNumber(step) || !Array.isArray(files) || !files.every(isEntry)) {
    return fail('lacks a step or a list of files', 'both', 'It is damaged: use another checkpoint.')
  }
  return { format, version, step, files }
}

/** Checks one file of a checkpoint against its manifest: size first, as that tells what happened. */
export async function verifyFile(folder: string, entry: ManifestEntry, operation: string): Promise<void> {
  const source = join(folder, entry.name)
  const fail = (got: string, expected: string): never => {
    throw new CheckpointError({
      operation,
      source,
      got,
      expected,
      fix: 'It is damaged: use another checkpoint, or copy it again.',
    })
  }
  try {
    const { size } = await stat(source)
    if (size !== entry.bytes) {
      fail(`is ${size} bytes long`, `${entry.bytes} bytes, as its manifest says`)
    }
    const hash = createHash('sha256')
    for await (const piece of createReadStream(source)) hash.update(piece as Uint8Array)
    const sha256 = hash.digest('hex')
    if (sha256 !== entry.sha256) fail(`has SHA-256 ${sha256}`, `${entry.sha256}, as its manifest says`)
  } catch (error) {
    throw fileError(operation, source, 'read', error)
  }
}

function isEntry(value: unknown): value is ManifestEntry {
  if (!isRecord(value)) return false
  const { name, bytes, sha256 } = value
  // A plain name: a manifest must not lead out of its folder.
  const isPlainName = typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)
  return isPlainName && isWholeNumber(bytes) && typeof sha256 === 'string'
}

function isWholeNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
