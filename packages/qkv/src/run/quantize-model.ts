import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { quantize } from '@qkv/nn'
import { buildModel, modelFileNames, readModel } from '@qkv/pipelines'
import type { BackendChoice, Device } from '@qkv/tensor'
import type { Plugin } from '../config/config.ts'
import { RunError } from '../errors/run-error.ts'
import { openDevice } from '../presets.ts'
import { listFolder } from './list-folder.ts'
import { modelFilesFromFolder, writeModelDescription, writeModelWeights } from './model-folder.ts'
import { namePlugins } from './name-plugins.ts'
import { runFiles } from './run-folder.ts'
import { sortPlugins } from './sort-plugins.ts'

export interface QuantizeModelOptions {
  /** Where the quantised model goes. */
  readonly output: string
  /** Columns that share a scale; the whole row unless said. */
  readonly blockSize?: number | undefined
  /** Whether what stays in floating point is stored as float16; float32 unless said. */
  readonly half?: boolean
  /** Whether a model in the output folder is replaced. */
  readonly force?: boolean
  /** `cpu` unless said. */
  readonly backend?: BackendChoice | readonly BackendChoice[] | undefined
  /** Those of the config that the model was trained with. */
  readonly plugins?: readonly Plugin[] | undefined
  /**
   * The project that named the backend, whose packages may bring it: the folder of its config. The working directory unless said; never the
   * folder of the model, since weights bring no code.
   */
  readonly project?: string | undefined
  /** Hears which backend was taken. */
  readonly onDevice?: ((device: Device) => void) | undefined
}

/** What became of a model folder. */
export interface QuantizedModel {
  readonly output: string
  readonly blockSize: number | null
  /** Paths of the layers whose weights have 8 bits now. */
  readonly quantized: readonly string[]
  /** Paths of linear layers that stay float32, since an embedding shares their weight. */
  readonly shared: readonly string[]
  /** Sizes of the files of weights. */
  readonly bytesBefore: number
  readonly bytesAfter: number
}

/**
 * Writes a model folder whose linear layers have weights of 8 bits. Throws a `RunError` when the output holds files that would
 * be replaced, or the model is quantised already; nothing is written then.
 *
 * @example
 * const { bytesBefore, bytesAfter } = await quantizeModel('runs/translation', { output: 'runs/translation-int8' })
 */
export async function quantizeModel(folder: string, options: QuantizeModelOptions): Promise<QuantizedModel> {
  const { output, blockSize, half = false, force = false } = options
  const stored = await readModel(modelFilesFromFolder(folder))
  if (stored.description.quantization) throw quantizedError(folder)
  await checkOutput(folder, output, force)
  const { backends, parts } = sortPlugins(options.plugins ?? [])
  const { backend = 'cpu', project } = options
  const device = await openDevice({ backend, plugins: backends, folder: project })
  options.onDevice?.(device)
  try {
    const model = await namePlugins(() => buildModel(stored, device, parts))
    const report = await quantize(model, { blockSize })
    const quantization = { bits: 8, blockSize: blockSize ?? null } as const
    await writeModelDescription(output, { ...stored.description, quantization }, stored.tokenizers)
    await writeModelWeights(output, await model.readState(), stored.remarks, { half })
    return {
      output,
      blockSize: quantization.blockSize,
      ...report,
      bytesBefore: await sizeOfWeights(folder),
      bytesAfter: await sizeOfWeights(output),
    }
  } finally {
    await device.dispose()
  }
}

async function sizeOfWeights(folder: string): Promise<number> {
  return (await stat(join(folder, modelFileNames.weights))).size
}

async function checkOutput(folder: string, output: string, force: boolean): Promise<void> {
  const elsewhere = 'Choose another folder.'
  if (resolve(folder) === resolve(output)) throw outputError(output, 'is the model itself', elsewhere)
  const names = await listFolder(output)
  if (names.includes(runFiles.record)) throw outputError(output, 'holds a training run', elsewhere)
  const taken = Object.values<string>(modelFileNames).filter((name) => names.includes(name))
  if (taken.length === 0 || force) return
  const fix = 'Choose another folder, or replace the model in it with --force.'
  throw outputError(output, `holds ${taken.join(', ')} already`, fix)
}

function outputError(output: string, problem: string, fix: string): RunError {
  return new RunError({
    operation: 'quantize',
    argument: 'output',
    got: `is ${output}, which ${problem}`,
    expected: 'a new or empty folder',
    fix,
  })
}

function quantizedError(folder: string): RunError {
  return new RunError({
    operation: 'quantize',
    argument: 'folder',
    got: `is ${folder}, whose model is quantised already`,
    expected: 'a model with float32 weights',
    fix: 'Quantise the folder that `qkv train` wrote: rounding twice loses more than rounding once.',
  })
}
