import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GoldenArray, GoldenCase, GoldenGroup, GoldenTensor, GoldenTensors } from './golden-case.ts'

interface TensorReference {
  readonly dtype: GoldenTensor['dtype']
  readonly shape: readonly number[]
  readonly offset: number
  readonly nbytes: number
  readonly f32_err?: number
}

type StoredTensors = Readonly<Record<string, TensorReference>>

interface StoredCase {
  readonly name: string
  readonly op: string
  readonly attrs?: Readonly<Record<string, unknown>>
  readonly note?: string
  readonly flags?: readonly string[]
  readonly inputs?: StoredTensors
  readonly params?: StoredTensors
  readonly outputs?: StoredTensors
  readonly cotangents?: StoredTensors
  readonly grads?: StoredTensors
  readonly param_grads?: StoredTensors
  readonly final_params?: StoredTensors
}

interface StoredGroup {
  readonly bin?: string | null
  readonly cases: readonly StoredCase[]
}

const arrayTypes = { f32: Float32Array, f64: Float64Array, i32: Int32Array, bool: Uint8Array }

/** The names of the groups in a folder: its `.json` files that hold cases. */
export function groupNames(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .filter((name) => Array.isArray(readGroup(folder, name).cases))
    .toSorted()
}

/**
 * Reads `<name>.json` and the `.bin` that it names; throws an `Error` when a tensor lies outside the file.
 *
 * @example
 * const { cases } = loadGroup('cases', 'ops_elementwise')
 */
export function loadGroup(folder: string, name: string): GoldenGroup {
  const stored = readGroup(folder, name)
  const bytes = stored.bin ? readFileSync(join(folder, stored.bin)) : new Uint8Array(0)
  // Typed arrays need offsets that are multiples of 8 in their own buffer, which a pooled one does not give.
  const buffer = new Uint8Array(bytes).buffer
  return {
    name,
    cases: stored.cases.map((entry) => readCase(entry, buffer)),
    document: stored as unknown as GoldenGroup['document'],
  }
}

function readGroup(folder: string, name: string): StoredGroup {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as StoredGroup
}

function readCase(stored: StoredCase, buffer: ArrayBuffer): GoldenCase {
  const tensors = (section: StoredTensors | undefined): GoldenTensors =>
    Object.fromEntries(
      Object.entries(section ?? {}).map(([key, reference]) => {
        try {
          return [key, readTensor(reference, buffer)]
        } catch (error) {
          throw new Error(`Case '${stored.name}', tensor '${key}': ${(error as Error).message}`, {
            cause: error,
          })
        }
      }),
    )
  return {
    name: stored.name,
    op: stored.op,
    attrs: stored.attrs ?? {},
    note: stored.note ?? '',
    flags: stored.flags ?? [],
    inputs: tensors(stored.inputs),
    parameters: tensors(stored.params),
    outputs: tensors(stored.outputs),
    cotangents: tensors(stored.cotangents),
    gradients: tensors(stored.grads),
    parameterGradients: tensors(stored.param_grads),
    finalParameters: tensors(stored.final_params),
    document: stored as unknown as GoldenCase['document'],
  }
}

function readTensor(reference: TensorReference, buffer: ArrayBuffer): GoldenTensor {
  const { dtype, shape, offset, nbytes, f32_err: float32Error = 0 } = reference
  const ArrayType = arrayTypes[dtype]
  const length = shape.reduce((product, axis) => product * axis, 1)
  if (ArrayType === undefined) throw new Error(`unknown dtype '${String(dtype)}'`)
  if (length * ArrayType.BYTES_PER_ELEMENT !== nbytes || offset + nbytes > buffer.byteLength) {
    throw new Error(`[${shape.join(', ')}] at byte ${offset} does not lie within the data`)
  }
  const data: GoldenArray = new ArrayType(buffer, offset, length)
  return { dtype, shape, data, float32Error }
}
