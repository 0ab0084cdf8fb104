import { decodeSafetensors, type Metadata, type NamedArray, toFloat32 } from '@qkv/checkpoints'
import type { LoadableArray } from '@qkv/nn'
import { Tokenizer, TokenizerError } from '@qkv/tokenizer'
import { RunError } from '../errors/run-error.ts'
import { checkSizes } from '../model/check-sizes.ts'
import type { ModelDescription } from '../model/model-description.ts'
import { parseModelDescription } from '../model/parse-model-description.ts'
import type { Tokenizers } from '../tokens/tokenizers.ts'
import { type ModelFiles, modelFileNames } from './model-files.ts'

/** A trained model as its files hold it. */
export interface StoredModel {
  readonly description: ModelDescription
  readonly tokenizers: Tokenizers
  /** By path; weights of 16 bits come as float32. */
  readonly weights: ReadonlyMap<string, LoadableArray>
  /** What the header of the weights says besides. */
  readonly remarks: Metadata
}

/**
 * Reads the files of a model, and checks that they belong together. Throws a `RunError` when a file is missing, damaged, or
 * of another program, and a `CheckpointError` when the weights are damaged.
 *
 * @example
 * const { description, tokenizers, weights } = await readModel(modelFilesFromUrl('https://example.org/models/zh-en/'))
 */
export async function readModel(files: ModelFiles): Promise<StoredModel> {
  const placeOf = (name: string): string => `${files.source.replace(/[/\\]?$/, '/')}${name}`
  const readText = async (name: string): Promise<string> => new TextDecoder().decode(await files.read(name))
  const { description: descriptionName, weights: weightsName } = modelFileNames
  const description = parseModelDescription(await readText(descriptionName), placeOf(descriptionName))
  const readTokenizer = async (name: string): Promise<Tokenizer> =>
    parseTokenizer(await readText(name), placeOf(name))
  const { source: sourceName, target: targetName } = description.tokenizers
  const source = await readTokenizer(sourceName)
  const target = targetName === sourceName ? source : await readTokenizer(targetName)
  const bytes = await files.read(weightsName)
  const { arrays, metadata } = decodeSafetensors(bytes, { source: placeOf(weightsName) })
  const weights = new Map([...arrays].map(([path, array]) => [path, widen(array)] as const))
  const stored = { description, tokenizers: { source, target }, weights, remarks: metadata }
  checkSizes(stored, files.source)
  return stored
}

function widen(array: NamedArray): LoadableArray {
  if (array.dtype !== 'float16' && array.dtype !== 'bfloat16') return array
  return { dtype: 'float32', shape: array.shape, data: toFloat32(array) }
}

function parseTokenizer(text: string, place: string): Tokenizer {
  try {
    return Tokenizer.fromJSON(text)
  } catch (cause) {
    if (!(cause instanceof TokenizerError)) throw cause
    const { argument, got, expected, fix } = cause
    const parts = {
      operation: 'model',
      argument: place,
      got: `has ${argument} that is ${got}`,
      expected,
      fix,
    }
    throw Object.assign(new RunError(parts), { cause })
  }
}
