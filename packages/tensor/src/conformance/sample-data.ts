import { allocateHostArray, type HostArray } from '../dtype.ts'
import type { OpSample, SampleInput } from '../op.ts'
import { randomWords } from '../random/random-words.ts'
import { sizeOf } from '../shape.ts'

/** The data of a sample's inputs: float inputs as doubles that float32 represents exactly. */
export function sampleData(sample: OpSample<unknown>, seed = 1): readonly HostArray[] {
  return sample.inputs.map((input, index) => inputData(input, seed * 100 + index))
}

function inputData(input: SampleInput, seed: number): HostArray {
  const dtype = input.dtype ?? 'float32'
  const length = sizeOf(input.shape)
  const data = dtype === 'float32' ? new Float64Array(length) : allocateHostArray(dtype, length)
  const [low, high] = input.range ?? [-1, 1]
  for (let index = 0; index < length; index++) {
    const unit = randomWords(index, 0, seed, 0)[0] / 2 ** 24
    const value = input.values ? input.values[index]! : low + (high - low) * unit
    data[index] = dtype === 'float32' ? Math.fround(value) : Math.floor(value)
  }
  return data
}

/** Weights that turn the outputs of an op into a scalar, with no symmetry that could hide an error. */
export function lossWeights(length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) =>
    Math.fround(randomWords(index, 1, 17, 3)[0] / 2 ** 24 + 0.25),
  )
}
