/** A weight in host memory, as checkpoints hold it. */
export interface WeightArray {
  readonly dtype: 'float32'
  readonly shape: readonly number[]
  readonly data: Float32Array
}
