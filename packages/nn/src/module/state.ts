import { formatShape, sameShape, sizeOf, type Tensor } from '@qkv/tensor'
import { nearestName } from './nearest-name.ts'
import { StateError } from './state-error.ts'
import type { StoredTensor } from './stored-tensor.ts'

/** A stored value in host memory, row-major; `float64` where a device computes in doubles. */
export type StateArray =
  | { readonly dtype: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'float64'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly dtype: 'int32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: 'bool'; readonly shape: readonly number[]; readonly data: Uint8Array }
  | { readonly dtype: 'int8'; readonly shape: readonly number[]; readonly data: Int8Array }

/** What `loadState` takes: arrays of any checkpoint; those whose type does not fit are refused with a sentence. */
export interface LoadableArray {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data: ArrayBufferView
}

export interface LoadOptions {
  /** Whether names that are missing or unexpected are an error; true unless said. */
  readonly strict?: boolean
}

/** What did not match, where `strict` is off. */
export interface LoadReport {
  /** Paths of the module that were given no value, and keep theirs. */
  readonly missing: readonly string[]
  /** Given names that the module does not have. */
  readonly unexpected: readonly string[]
}

/** Copies values to host memory, by path. */
export async function readState(state: ReadonlyMap<string, Tensor>): Promise<Map<string, StateArray>> {
  const entries = await Promise.all(
    [...state].map(async ([path, tensor]): Promise<[string, StateArray]> => {
      const data = await tensor.read()
      const { shape } = tensor
      if (data instanceof Float64Array) return [path, { dtype: 'float64', shape, data }]
      if (data instanceof Float32Array) return [path, { dtype: 'float32', shape, data }]
      if (data instanceof Int32Array) return [path, { dtype: 'int32', shape, data }]
      if (data instanceof Int8Array) return [path, { dtype: 'int8', shape, data }]
      return [path, { dtype: 'bool', shape, data: data as Uint8Array }]
    }),
  )
  return new Map(entries)
}

/** Replaces the values of `targets`: all of them, or none and a `StateError` that lists everything that is wrong. */
export function loadState(
  targets: ReadonlyMap<string, StoredTensor>,
  entries: Iterable<readonly [path: string, array: LoadableArray]>,
  { strict = true }: LoadOptions,
): LoadReport {
  for (const target of targets.values()) target.checkNotRecording('loadState')
  const given = new Map(entries)
  const missing = [...targets.keys()].filter((path) => !given.has(path))
  const unexpected = [...given.keys()].filter((name) => !targets.has(name))
  const unfit: string[] = []
  const fitting: { target: StoredTensor; array: StateArray }[] = []
  for (const [path, target] of targets) {
    const array = given.get(path)
    if (!array) continue
    const problem = problemOf(target, array)
    if (problem) unfit.push(`'${path}' ${problem}`)
    else fitting.push({ target, array: array as StateArray })
  }
  const mismatched = strict && missing.length + unexpected.length > 0
  if (unfit.length > 0 || mismatched) {
    throw stateError(strict ? missing : [], strict ? unexpected : [], unfit, missing)
  }

  const made: Tensor[] = []
  try {
    for (const { target, array } of fitting) {
      made.push(target.device.tensor(array.data, { shape: array.shape, dtype: target.dtype }))
    }
  } catch (error) {
    for (const tensor of made) tensor.dispose()
    throw error
  }
  fitting.forEach(({ target }, index) => target.replace(made[index]!))
  return { missing, unexpected }
}

const arraysOf = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  bool: Uint8Array,
  int8: Int8Array,
} as const

function problemOf(target: StoredTensor, array: LoadableArray): string | undefined {
  if (!sameShape(array.shape, target.shape)) {
    return `has shape ${formatShape(array.shape)}, expected ${formatShape(target.shape)}`
  }
  const dtype = target.dtype === 'float32' && array.dtype === 'float64' ? 'float64' : target.dtype
  if (array.dtype !== dtype) return `has dtype ${array.dtype}, expected ${target.dtype}`
  const { data } = array
  if (!(data instanceof arraysOf[dtype]))
    return `holds a ${data.constructor.name}, expected a ${arraysOf[dtype].name}`
  const size = sizeOf(array.shape)
  return data.length === size ? undefined : `holds ${data.length} numbers, expected ${size}`
}

function stateError(
  missing: readonly string[],
  unexpected: readonly string[],
  unfit: readonly string[],
  candidates: readonly string[],
): StateError {
  const near = unexpected.map((name) => {
    const nearest = nearestName(name, candidates)
    return nearest === undefined ? `'${name}'` : `'${name}' (did you mean '${nearest}'?)`
  })
  const parts = [
    ...(missing.length > 0 ? [`lack ${list(missing.map((path) => `'${path}'`))}`] : []),
    ...(unexpected.length > 0 ? [`have the unexpected ${list(near)}`] : []),
    ...(unfit.length > 0 ? [`do not fit: ${list(unfit)}`] : []),
  ]
  return new StateError({
    operation: 'loadState',
    argument: 'entries',
    got: parts.join('; '),
    expected: 'one array for each parameter and persistent buffer, and no other',
    fix:
      unfit.length > 0
        ? 'Make the module with the sizes of the checkpoint. Nothing was changed.'
        : 'Rename the entries, or pass `{ strict: false }` to load those that match. Nothing was changed.',
    missing,
    unexpected,
    unfit,
  })
}

const listed = 8

function list(items: readonly string[]): string {
  const shown = items.slice(0, listed).join(', ')
  return items.length > listed ? `${shown} and ${items.length - listed} more` : shown
}
