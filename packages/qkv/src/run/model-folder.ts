import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Metadata } from '@qkv/checkpoints'
import { readSafetensors, writeFileAtomically, writeSafetensors } from '@qkv/checkpoints/files'
import type { LoadableArray, StateArray } from '@qkv/nn'
import { Tokenizer } from '@qkv/tokenizer'
import { RunError } from '../errors/run-error.ts'
import { type ModelDescription, parseModelDescription } from './model-description.ts'
import type { Tokenizers } from './tokenizers.ts'

/** The files of a trained model. */
export const modelFiles = {
  description: 'config.json',
  weights: 'model.safetensors',
  tokenizer: 'tokenizer.json',
  sourceTokenizer: 'source-tokenizer.json',
  targetTokenizer: 'target-tokenizer.json',
} as const

/** A trained model as its files hold it. */
export interface StoredModel {
  readonly description: ModelDescription
  readonly tokenizers: Tokenizers
  readonly weights: ReadonlyMap<string, LoadableArray>
  /** What the header of the weights says besides. */
  readonly remarks: Metadata
}

/** The names of the tokenizers' files. */
export function tokenizerFiles({ source, target }: Tokenizers): {
  readonly source: string
  readonly target: string
} {
  if (source === target) return { source: modelFiles.tokenizer, target: modelFiles.tokenizer }
  return { source: modelFiles.sourceTokenizer, target: modelFiles.targetTokenizer }
}

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
  await writeJson(join(folder, modelFiles.description), description)
}

/** Writes `model.safetensors`; `remarks` are kept in its header. */
export async function writeModelWeights(
  folder: string,
  weights: ReadonlyMap<string, StateArray>,
  remarks: Metadata,
): Promise<void> {
  const arrays = new Map(
    [...weights].map(([path, array]) => {
      // The reference backend may compute in doubles; models are kept in single precision.
      if (array.dtype === 'float64') {
        return [path, { dtype: 'float32' as const, shape: array.shape, data: Float32Array.from(array.data) }]
      }
      return [path, array]
    }),
  )
  await writeSafetensors(join(folder, modelFiles.weights), arrays, remarks)
}

/**
 * Reads a model folder. Throws a `RunError` when it is none, and a `CheckpointError` or `TokenizerError` when one of its
 * files is damaged.
 *
 * @example
 * const { description, tokenizers, weights } = await readModelFolder('runs/translation')
 */
export async function readModelFolder(folder: string): Promise<StoredModel> {
  const path = join(folder, modelFiles.description)
  const description = parseModelDescription(await readText(path, folder), path)
  const { source, target } = description.tokenizers
  const sourceTokenizer = await readTokenizer(join(folder, source), folder)
  const targetTokenizer =
    target === source ? sourceTokenizer : await readTokenizer(join(folder, target), folder)
  const { arrays, metadata } = await readSafetensors(join(folder, modelFiles.weights))
  const tokenizers = { source: sourceTokenizer, target: targetTokenizer }
  return { description, tokenizers, weights: arrays, remarks: metadata }
}

async function readTokenizer(path: string, folder: string): Promise<Tokenizer> {
  return Tokenizer.fromJSON(await readText(path, folder))
}

async function readText(path: string, folder: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw Object.assign(
      new RunError({
        operation: 'model',
        argument: folder,
        got: `has no readable ${path.slice(folder.length).replace(/^[/\\]/, '')} (${code})`,
        expected: 'a folder that `qkv train` wrote',
        fix: 'Check the path of the model.',
      }),
      { cause },
    )
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomically(path, new TextEncoder().encode(`${JSON.stringify(value, undefined, 1)}\n`))
}
