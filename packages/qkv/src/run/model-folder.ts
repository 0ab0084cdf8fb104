import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { float32ToFloat16, type Metadata, type NamedArrays } from '@qkv/checkpoints'
import { writeFileAtomically, writeSafetensors } from '@qkv/checkpoints/files'
import type { StateArray } from '@qkv/nn'
import {
  checkFileName,
  type ModelDescription,
  modelFileNames,
  type ModelFiles,
  singlePrecision,
  type Tokenizers,
} from '@qkv/pipelines'
import { RunError } from '../errors/run-error.ts'

/** Writes the tokenizers and `config.json`; the weights follow when there are some worth keeping. */
export async function writeModelDescription(
  folder: string,
  description: ModelDescription,
  tokenizers: Tokenizers,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const { source, target } = description.tokenizers
  await writeJson(join(folder, source), tokenizers.source)
  if (target !== source) await writeJson(join(folder, target), tokenizers.target)
  await writeJson(join(folder, modelFileNames.description), description)
}

/** Writes `model.safetensors`; `remarks` are kept in its header. With `half`, floating-point weights are stored as float16. */
export async function writeModelWeights(
  folder: string,
  weights: ReadonlyMap<string, StateArray>,
  remarks: Metadata,
  { half = false }: { readonly half?: boolean } = {},
): Promise<void> {
  const single = singlePrecision(weights)
  await writeSafetensors(join(folder, modelFileNames.weights), half ? halfPrecision(single) : single, remarks)
}

function halfPrecision(arrays: NamedArrays): NamedArrays {
  return Array.from(arrays, ([path, array]) =>
    array.dtype === 'float32'
      ? [path, { dtype: 'float16', shape: array.shape, data: float32ToFloat16(array.data) }]
      : [path, array],
  )
}

/**
 * The files of a model folder. Reading throws a `RunError` for one that is not there.
 *
 * @example
 * const { description, tokenizers, weights } = await readModel(modelFilesFromFolder('runs/translation'))
 */
export function modelFilesFromFolder(folder: string): ModelFiles {
  return {
    source: folder,
    async read(name) {
      checkFileName(name, folder)
      try {
        return await readFile(join(folder, name))
      } catch (cause) {
        throw Object.assign(unreadableError(folder, name, cause), { cause })
      }
    },
  }
}

function unreadableError(folder: string, name: string, cause: unknown): RunError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  return new RunError({
    operation: 'model',
    argument: folder,
    got: `has no readable ${name} (${code})`,
    expected: 'a folder that `qkv train` wrote',
    fix: 'Check the path of the model.',
  })
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomically(path, new TextEncoder().encode(`${JSON.stringify(value, undefined, 1)}\n`))
}
