import type { WeightArray } from '@qkv/model-zoo'
import type { GoldenTensor, GoldenTensors } from './golden-case.ts'

/** A stored parameter, or its gradient, as checkpoints hold weights. */
export interface StoredWeight extends WeightArray {
  readonly float32Error: number
}

/** Stored names and arrays to a model's paths and arrays, such as `fromTorchTransformer`. */
export type Renaming = (
  entries: Iterable<readonly [name: string, array: StoredWeight]>,
) => Map<string, StoredWeight>

/** Stored tensors in the form that `Module.loadState` and the renaming functions take. */
export function storedWeights(tensors: GoldenTensors): [name: string, array: StoredWeight][] {
  return Object.entries(tensors).map(([name, { shape, data, float32Error }]) => [
    name,
    { dtype: 'float32', shape, data: Float32Array.from(data), float32Error },
  ])
}

/** Renamed weights in the form that results are compared with. */
export function renamedTensors(tensors: GoldenTensors, rename: Renaming): GoldenTensors {
  const entries = [...rename(storedWeights(tensors))]
  return Object.fromEntries(
    entries.map(([path, { shape, data, float32Error }]): [string, GoldenTensor] => [
      path,
      { dtype: 'f32', shape, data, float32Error },
    ]),
  )
}
