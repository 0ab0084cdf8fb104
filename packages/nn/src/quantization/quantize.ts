import { ArgumentError } from '@qkv/tensor'
import { Linear } from '../layers/linear.ts'
import { ModuleError } from '../module/module-error.ts'
import { Module } from '../module/module.ts'
import type { Parameter } from '../module/parameter.ts'
import { Tied } from '../module/tied.ts'
import { walkTree } from '../module/walk-tree.ts'
import { findPlaces } from './layer-places.ts'
import { type BlockOptions, QuantizedLinear } from './quantized-linear.ts'

export interface QuantizeOptions extends BlockOptions {
  /** Which layers to quantise, by path; all of them unless said. */
  readonly include?: (path: string, layer: Linear) => boolean
}

/** What became of the linear layers of a model, by path. */
export interface QuantizeReport {
  readonly quantized: readonly string[]
  /** Those that share their weight with another module, as an output projection tied to an embedding: they stay float32. */
  readonly shared: readonly string[]
}

/**
 * Replaces the `Linear` layers of a model by `QuantizedLinear` ones, in place, and frees their float32 weights. Embeddings,
 * norms, biases and shared weights stay float32. The model is for inference from then on; its paths stay, with `scale` added.
 *
 * Fields hold a `QuantizedLinear` afterwards, whatever type they were declared with; fields that start with `#` are not seen.
 * Throws a `ModuleError` when the model is itself a `Linear`, and an `ArgumentError` when a weight is not finite or the block
 * size does not divide an input size: nothing has changed then.
 *
 * Source: `quantize` of MLX (mlx.nn), https://ml-explore.github.io/mlx/build/html/python/nn/_autosummary/mlx.nn.quantize.html
 *
 * @example
 * const { quantized } = await quantize(model, { blockSize: 64, include: (path) => path !== 'output' })
 */
export async function quantize(model: Module, options: QuantizeOptions = {}): Promise<QuantizeReport> {
  if (model instanceof Linear) throw rootError()
  const { include = () => true, blockSize } = options
  const borrowed = borrowedParameters(model)
  const weights = new Map<Linear, Parameter>()
  const paths = new Map<Linear, string>()
  const shared: string[] = []
  for (const [path, module] of model.modules()) {
    if (!(module instanceof Linear) || !include(path, module)) continue
    if (module.weight instanceof Tied || borrowed.has(module.weight)) shared.push(path)
    else {
      weights.set(module, module.weight)
      paths.set(module, path)
    }
  }
  const places = findPlaces(model, (module): module is Linear => paths.has(module as Linear))
  for (const { layer, writable } of places) if (!writable) throw frozenError(paths.get(layer)!)
  const replacements = await quantizeLayers(paths, blockSize)
  for (const { layer, put } of places) put(replacements.get(layer)!)
  for (const weight of weights.values()) weight.dispose()
  return { quantized: [...paths.values()], shared }
}

/** All of them, or none: what was made before an error is freed. */
async function quantizeLayers(
  paths: ReadonlyMap<Linear, string>,
  blockSize: number | undefined,
): Promise<ReadonlyMap<Linear, QuantizedLinear>> {
  const made = new Map<Linear, QuantizedLinear>()
  for (const [layer, path] of paths) {
    try {
      made.set(layer, await QuantizedLinear.fromLinear(layer, { blockSize }))
    } catch (error) {
      for (const { weight, scale } of made.values()) {
        weight.dispose()
        scale.dispose()
      }
      throw error instanceof ArgumentError ? layerError(path, error) : error
    }
  }
  return made
}

function borrowedParameters(model: Module): ReadonlySet<Parameter> {
  const { tied } = walkTree<Module>(model, (value) => value instanceof Module)
  return new Set([...tied.values()].map(({ parameter }) => parameter))
}

function layerError(path: string, cause: ArgumentError): ArgumentError {
  const { argument, got, expected, fix } = cause
  const error = new ArgumentError({
    operation: 'quantize',
    argument: path,
    got: `cannot be quantised: ${argument} ${got}`,
    expected,
    fix: `${fix} \`include\` can leave the layer out.`,
  })
  return Object.assign(error, { cause })
}

function frozenError(path: string): ModuleError {
  return new ModuleError({
    operation: 'quantize',
    argument: path,
    got: 'stands in a frozen object',
    expected: 'a place where another layer can be put',
    fix: 'Do not freeze the lists that hold layers, or leave the layer out with `include`.',
  })
}

function rootError(): ModuleError {
  return new ModuleError({
    operation: 'quantize',
    argument: 'model',
    got: 'is a Linear itself',
    expected: 'a module that holds the layers to replace',
    fix: 'Use `await QuantizedLinear.fromLinear(layer)`.',
  })
}
