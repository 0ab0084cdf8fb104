/**
 * What a tensor's elements are. Masks are `bool`, token ids are `int32`, everything differentiable is `float32`. Quantised
 * weights are `int8`: `dequantize`, `quantizedLinear` and `cast` compute with them, and ops that only move elements move them.
 */
export type DType = 'float32' | 'int32' | 'bool' | 'int8'

/** Element types with those that only files have. */
export type StorageDType = DType | 'float16' | 'bfloat16' | 'int4'

/** Elements on the host. A `float32` tensor is a `Float64Array` on a backend in float64 mode; `bool` is one byte. */
export type HostArray = Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array | Int8Array

/** The shape and element type of a tensor, without its data. */
export interface TensorSpec {
  readonly shape: readonly number[]
  readonly dtype: StorageDType
}

/** Bytes per element; `int4` packs two elements into a byte. */
export const bytesPerElement: Readonly<Record<StorageDType, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  float16: 2,
  bfloat16: 2,
  int8: 1,
  int4: 0.5,
}

/** A zeroed host array that holds `length` elements of `dtype`. */
export function allocateHostArray(dtype: StorageDType, length: number): HostArray {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length)
    case 'int32':
      return new Int32Array(length)
    case 'bool':
      return new Uint8Array(length)
    case 'float16':
    case 'bfloat16':
      return new Uint16Array(length)
    case 'int8':
      return new Int8Array(length)
    case 'int4':
      return new Uint8Array(Math.ceil(length / 2))
  }
}
