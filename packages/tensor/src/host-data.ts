import { allocateHostArray, type DType, type HostArray, type TensorSpec } from './dtype.ts'
import { ArgumentError } from './errors/argument-error.ts'
import { ShapeError } from './errors/shape-error.ts'
import { checkShape, formatShape, sizeOf } from './shape.ts'

type NestedArray<T> = readonly (T | NestedArray<T>)[]

/** What `device.tensor` takes: a number, nested arrays of numbers or booleans, or a typed array. */
export type TensorData = number | boolean | NestedArray<number | boolean> | HostArray

export interface TensorOptions {
  /** Taken from the nesting of the data, or its length, unless said. */
  readonly shape?: readonly number[]
  /**
   * From the data unless said: booleans give `bool`, `Int32Array` gives `int32`, `Int8Array` gives `int8`, all else
   * `float32`.
   */
  readonly dtype?: DType
}

/** The dense array and the spec that some data describes. */
export function toHostArray(
  data: TensorData,
  options: TensorOptions,
): { array: HostArray; spec: TensorSpec } {
  if (ArrayBuffer.isView(data)) return fromTypedArray(data, options)
  const shape: number[] = []
  for (let level: unknown = data; Array.isArray(level); level = level[0]) shape.push(level.length)
  const values: (number | boolean)[] = []
  flatten(data, 0, shape, values)
  const dtype = options.dtype ?? (values.length > 0 && typeof values[0] === 'boolean' ? 'bool' : 'float32')
  // Doubles, so that a backend in float64 mode gets what was written; the others round on upload.
  const array =
    dtype === 'float32' ? new Float64Array(values.length) : allocateHostArray(dtype, values.length)
  for (let index = 0; index < values.length; index++) array[index] = Number(values[index])
  checkWholeNumbers(array, values, dtype)
  return { array, spec: { shape: fitShape(options.shape ?? shape, values.length), dtype } }
}

/** The arrays that are taken as they are. */
const arraysOf = {
  float32: [Float32Array, Float64Array],
  int32: [Int32Array],
  bool: [Uint8Array],
  int8: [Int8Array],
} as const

function fromTypedArray(data: HostArray, options: TensorOptions): { array: HostArray; spec: TensorSpec } {
  const natural: DType = data instanceof Int32Array ? 'int32' : data instanceof Int8Array ? 'int8' : 'float32'
  const dtype = options.dtype ?? natural
  const spec = { shape: fitShape(options.shape ?? [data.length], data.length), dtype }
  if (arraysOf[dtype].some((each) => data instanceof each)) return { array: data, spec }
  const array = allocateHostArray(dtype, data.length)
  array.set(data)
  checkWholeNumbers(array, data, dtype)
  return { array, spec }
}

function flatten(
  level: unknown,
  depth: number,
  shape: readonly number[],
  values: (number | boolean)[],
): void {
  if (depth === shape.length) {
    if (typeof level !== 'number' && typeof level !== 'boolean') throw raggedError(level, shape)
    values.push(level)
    return
  }
  if (!Array.isArray(level) || level.length !== shape[depth]) throw raggedError(level, shape)
  for (const item of level) flatten(item, depth + 1, shape, values)
}

function raggedError(level: unknown, shape: readonly number[]): ShapeError {
  const got = Array.isArray(level) ? `has an inner array of length ${level.length}` : `holds ${String(level)}`
  return new ShapeError({
    operation: 'tensor',
    argument: 'data',
    got,
    expected: `numbers nested as ${formatShape(shape)}, like its first elements`,
    fix: 'Make all rows equally long, for example by padding.',
  })
}

function fitShape(shape: readonly number[], length: number): readonly number[] {
  checkShape('tensor', shape)
  if (sizeOf(shape) === length) return shape
  throw new ShapeError({
    operation: 'tensor',
    argument: 'shape',
    got: `is ${formatShape(shape)}, ${sizeOf(shape)} elements`,
    expected: `a shape of ${length} elements, as many as the data has`,
    fix: 'Change the shape or the data.',
  })
}

const wholeNumbers = {
  bool: 'booleans, or 0 and 1',
  int32: 'whole numbers that fit 32 bits',
  int8: 'whole numbers from -128 to 127',
} as const

function checkWholeNumbers(array: HostArray, values: ArrayLike<number | boolean>, dtype: DType): void {
  if (dtype === 'float32') return
  for (let index = 0; index < values.length; index++) {
    if (array[index] === Number(values[index])) continue
    throw new ArgumentError({
      operation: 'tensor',
      argument: 'data',
      got: `holds ${String(values[index])} at index ${index}`,
      expected: wholeNumbers[dtype],
      fix: "Pass `dtype: 'float32'`, or round the data.",
    })
  }
}
