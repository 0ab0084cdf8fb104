import { type Device, slice, type Tensor, transpose } from '@qkv/tensor'
import fc from 'fast-check'

/** A view of a tensor that is no longer dense: transposed, cut, or stepped through backwards. */
export type View = 'dense' | 'transposed' | 'cut' | 'backwards'

export const views: fc.Arbitrary<View> = fc.constantFrom('dense', 'transposed', 'cut', 'backwards')

/** A shape of up to four axes, some of them empty or of length 1. */
export function shapes(maxLength = 7): fc.Arbitrary<readonly number[]> {
  return fc.array(fc.integer({ min: 0, max: maxLength }), { maxLength: 4 })
}

/** Numbers without pattern, the same on every device. */
export function waves(device: Device, shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  const data = Float32Array.from({ length: size }, (_, index) => Math.sin((index + 1) * seed) * 1.5)
  return device.tensor(data, { shape })
}

/** A tensor of exactly this shape that is a view of another one. */
export function viewOf(device: Device, shape: readonly number[], seed: number, view: View): Tensor {
  switch (view) {
    case 'dense':
      return waves(device, shape, seed)
    case 'transposed': {
      const order = shape.map((_, axis) => shape.length - 1 - axis)
      return transpose(waves(device, shape.toReversed(), seed), { order })
    }
    case 'cut': {
      const longer = waves(
        device,
        shape.map((length) => length + 2),
        seed,
      )
      return slice(
        longer,
        shape.map((size) => ({ start: 1, size })),
      )
    }
    case 'backwards':
      return slice(
        waves(device, shape, seed),
        shape.map((length) => (length > 0 ? { start: length - 1, step: -1 } : {})),
      )
  }
}
