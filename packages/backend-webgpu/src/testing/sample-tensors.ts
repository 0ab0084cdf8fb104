import type { Device, OpSample, Tensor } from '@qkv/tensor'

/** Tensors for the inputs of a sample call: its own values, else waves within its range. */
export function sampleTensors(device: Device, sample: OpSample<unknown>): readonly Tensor[] {
  return sample.inputs.map(({ shape, dtype = 'float32', range: [low, high] = [-1, 1], values }, input) => {
    const size = shape.reduce((product, length) => product * length, 1)
    const numbers = Array.from({ length: size }, (_, index) => {
      const number = values?.[index] ?? low + (high - low) * (0.5 + 0.499 * Math.sin(index * 2.1 + input))
      return dtype === 'float32' ? Math.fround(number) : Math.floor(number)
    })
    return device.tensor(numbers, { shape, dtype })
  })
}
