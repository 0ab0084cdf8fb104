/**
 * How each element type lies in memory. `float16` and `bfloat16` are raw bits in a `Uint16Array` (see
 * `float16ToFloat32`), `complex64` is pairs of real and imaginary part, `bool` is one byte, 0 or 1; the types of 8 bits
 * and fewer that JavaScript has no array for are packed bytes, as stored.
 */
export interface DTypeArrays {
  readonly bool: Uint8Array
  readonly float4: Uint8Array
  readonly float6_e2m3: Uint8Array
  readonly float6_e3m2: Uint8Array
  readonly uint8: Uint8Array
  readonly int8: Int8Array
  readonly float8_e5m2: Uint8Array
  readonly float8_e4m3: Uint8Array
  readonly float8_e8m0: Uint8Array
  readonly int16: Int16Array
  readonly uint16: Uint16Array
  readonly float16: Uint16Array
  readonly bfloat16: Uint16Array
  readonly int32: Int32Array
  readonly uint32: Uint32Array
  readonly float32: Float32Array
  readonly complex64: Float32Array
  readonly float64: Float64Array
  readonly int64: BigInt64Array
  readonly uint64: BigUint64Array
}

export type DType = keyof DTypeArrays

/** One array of a checkpoint: row-major `data` of `shape`; an empty shape is a scalar, and an axis of 0 is allowed. */
export type NamedArray<Type extends DType = DType> = {
  readonly [Each in Type]: {
    readonly dtype: Each
    readonly shape: readonly number[]
    readonly data: DTypeArrays[Each]
  }
}[Type]

/** The arrays of a file by name. A `Map` is one, and so is any other list of pairs. */
export type NamedArrays = Iterable<readonly [name: string, array: NamedArray]>

interface DTypeRule<Data> {
  /** The name in a safetensors header. */
  readonly code: string
  /** Size of one element; below 8, elements share bytes. */
  readonly bits: number
  readonly array: {
    new (buffer: ArrayBuffer): Data
    readonly BYTES_PER_ELEMENT: number
  }
}

/**
 * Every element type of safetensors, from the loosest to the strictest alignment: the order in which the format's
 * reference implementation lays arrays out, last one first.
 * Source: https://github.com/huggingface/safetensors, `Dtype`
 */
export const DTYPE_RULES: { readonly [Each in DType]: DTypeRule<DTypeArrays[Each]> } = {
  bool: { code: 'BOOL', bits: 8, array: Uint8Array },
  float4: { code: 'F4', bits: 4, array: Uint8Array },
  float6_e2m3: { code: 'F6_E2M3', bits: 6, array: Uint8Array },
  float6_e3m2: { code: 'F6_E3M2', bits: 6, array: Uint8Array },
  uint8: { code: 'U8', bits: 8, array: Uint8Array },
  int8: { code: 'I8', bits: 8, array: Int8Array },
  float8_e5m2: { code: 'F8_E5M2', bits: 8, array: Uint8Array },
  float8_e4m3: { code: 'F8_E4M3', bits: 8, array: Uint8Array },
  float8_e8m0: { code: 'F8_E8M0', bits: 8, array: Uint8Array },
  int16: { code: 'I16', bits: 16, array: Int16Array },
  uint16: { code: 'U16', bits: 16, array: Uint16Array },
  float16: { code: 'F16', bits: 16, array: Uint16Array },
  bfloat16: { code: 'BF16', bits: 16, array: Uint16Array },
  int32: { code: 'I32', bits: 32, array: Int32Array },
  uint32: { code: 'U32', bits: 32, array: Uint32Array },
  float32: { code: 'F32', bits: 32, array: Float32Array },
  complex64: { code: 'C64', bits: 64, array: Float32Array },
  float64: { code: 'F64', bits: 64, array: Float64Array },
  int64: { code: 'I64', bits: 64, array: BigInt64Array },
  uint64: { code: 'U64', bits: 64, array: BigUint64Array },
}

/** All element types, in the order of {@link DTYPE_RULES}. */
export const DTYPES: readonly DType[] = Object.keys(DTYPE_RULES) as DType[]

/** Size of an array in bits: `NaN` if it is beyond what a number holds exactly. */
export function sizeInBits(dtype: DType, shape: readonly number[]): number {
  let bits = DTYPE_RULES[dtype].bits
  for (const axis of shape) {
    bits *= axis
    if (bits > Number.MAX_SAFE_INTEGER) return Number.NaN
  }
  return bits
}

/** An array over `bytes`, which it then owns: they must fill their buffer. */
export function arrayFromBytes(
  dtype: DType,
  shape: readonly number[],
  bytes: Uint8Array<ArrayBuffer>,
): NamedArray {
  const data = new DTYPE_RULES[dtype].array(bytes.buffer)
  // The rule and the name come from the same row of the table, which the compiler cannot follow through a union.
  return { dtype, shape, data } as NamedArray
}
