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

/** What `<name>.json` holds. */
export interface StoredGroup {
  /** The file that holds its tensors. */
  readonly bin?: string | null
  readonly cases: readonly StoredCase[]
}

const arrayTypes = { f32: Float32Array, f64: Float64Array, i32: Int32Array, bool: Uint8Array }

/** A group from what its two files hold; throws an `Error` when a tensor lies outside of the second one. */
export function parseGroup(name: string, stored: StoredGroup, tensors: ArrayBuffer): GoldenGroup {
  return {
    name,
    cases: stored.cases.map((entry) => readCase(entry, tensors)),
    document: stored as unknown as GoldenGroup['document'],
  }
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
