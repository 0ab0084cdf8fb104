/** Numbers of a case: row-major, `bool` as one byte. */
export type GoldenArray = Float32Array | Float64Array | Int32Array | Uint8Array

/** One stored tensor. */
export interface GoldenTensor {
  readonly dtype: 'f32' | 'f64' | 'i32' | 'bool'
  readonly shape: readonly number[]
  readonly data: GoldenArray
  /** How far PyTorch's own float32 run is from the stored float64 truth; 0 when nothing was noted. */
  readonly float32Error: number
}

export type GoldenTensors = Readonly<Record<string, GoldenTensor>>

/** One reference result; sections that a case lacks are empty. */
export interface GoldenCase {
  readonly name: string
  /** Which kind of computation it is, e.g. `matmul`: adapters choose by it, never by `name`. */
  readonly op: string
  readonly attrs: Readonly<Record<string, unknown>>
  readonly note: string
  /** Of `extreme`, `nonfinite`, `precision` (naive float32 fails) and `convention` (libraries differ). */
  readonly flags: readonly string[]
  readonly inputs: GoldenTensors
  readonly parameters: GoldenTensors
  readonly outputs: GoldenTensors
  /** The vectors that the outputs are multiplied with before they are summed to a loss. */
  readonly cotangents: GoldenTensors
  /** Derivatives of that loss by the inputs that were differentiated. */
  readonly gradients: GoldenTensors
  readonly parameterGradients: GoldenTensors
  readonly finalParameters: GoldenTensors
  /** The case as it is stored, for groups with sections of their own such as `expected`. */
  readonly document: Readonly<Record<string, unknown>>
}

/** One file of cases. */
export interface GoldenGroup {
  readonly name: string
  readonly cases: readonly GoldenCase[]
  /** The file as it is stored, for groups with sections of their own such as `specs`. */
  readonly document: Readonly<Record<string, unknown>>
}
