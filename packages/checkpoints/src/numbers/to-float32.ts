import { CheckpointError } from '../checkpoint-error.ts'
import type { NamedArray } from '../named-array.ts'
import { bfloat16ToFloat32 } from './bfloat16.ts'
import { float16ToFloat32 } from './float16.ts'

/**
 * The values of a floating-point array as float32: `float32` is handed back as it is, `float16` and `bfloat16` convert
 * exactly, and `float64` is rounded to nearest.
 *
 * @throws CheckpointError for any other dtype.
 * @example
 * toFloat32({ dtype: 'float16', shape: [1], data: Uint16Array.of(0x3c00) }) // Float32Array [1]
 */
export function toFloat32(array: NamedArray): Float32Array {
  switch (array.dtype) {
    case 'float32':
      return array.data
    case 'float64':
      return Float32Array.from(array.data)
    case 'float16':
      return float16ToFloat32(array.data)
    case 'bfloat16':
      return bfloat16ToFloat32(array.data)
    default:
      throw new CheckpointError({
        operation: 'toFloat32',
        source: 'the array',
        field: 'dtype',
        got: `is ${array.dtype}`,
        expected: 'float32, float64, float16 or bfloat16',
        fix: 'Read its data directly: whole numbers and packed types have no agreed float32 form.',
      })
  }
}
