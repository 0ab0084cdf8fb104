import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { cast } from './cast.ts'
import { checkQuantized } from './check-quantized.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { sum } from './sum.ts'

/** Inputs: int8 weight `[rows, inner]` and scale `[rows, blocks]`. Output: `[rows, inner]`. */
export const dequantizeOp: PrimitiveOp<object> = {
  name: 'qkv/dequantize',
  kind: 'primitive',
  source:
    'Jacob et al. 2018, Quantization and training of neural networks, section 2.1, with a zero point of 0',
  infer([weight, scale]) {
    checkQuantized('dequantize', weight!, scale!)
    return [{ shape: weight!.shape, dtype: 'float32' }]
  },
  reference({ inputs: [weight, scale], outputs: [out] }) {
    const blockSize = weight!.shape[1]! / scale!.shape[1]!
    for (let index = 0; index < out!.data.length; index++) {
      out!.data[index] = weight!.data[index]! * scale!.data[Math.floor(index / blockSize)]!
    }
  },
  // Whole numbers have no gradient.
  vjp({ inputs: [weight, scale], gradient, needs }) {
    if (!needs[1]) return [undefined, undefined]
    const [rows, blocks] = scale!.shape as readonly [number, number]
    const parts = mul(gradient, cast(weight!, 'float32'))
    return [undefined, sum(reshape(parts, [rows, blocks, weight!.shape[1]! / blocks]), { axis: -1 })]
  },
  saves: { inputs: [0], outputs: [] },
  samples: [
    {
      inputs: [
        { shape: [3, 4], dtype: 'int8', range: [-127, 128] },
        { shape: [3, 1], range: [0.01, 0.1] },
      ],
      attrs: {},
    },
    {
      inputs: [
        { shape: [2, 6], dtype: 'int8', values: [-128, -127, -1, 0, 1, 127, 2, 3, 5, 7, 11, 13] },
        { shape: [2, 3], range: [0.01, 0.1] },
      ],
      attrs: {},
    },
    { inputs: [{ shape: [0, 6], dtype: 'int8' }, { shape: [0, 2] }], attrs: {} },
    { inputs: [{ shape: [2, 0], dtype: 'int8' }, { shape: [2, 1] }], attrs: {} },
  ],
}

/**
 * The numbers that an int8 weight `[rows, inner]` stands for: each is multiplied by the scale `[rows, blocks]` of its row and
 * block, of which each has `inner / blocks` columns. Throws a `DTypeError` or a `ShapeError` when they do not belong together.
 *
 * Source: Jacob et al. 2018, "Quantization and training of neural networks", section 2.1, with a zero point of 0.
 *
 * @example
 * const rows = dequantize(device.tensor(new Int8Array([100, -50]), { shape: [1, 2] }), device.tensor([[0.01]])) // [[1, -0.5]]
 */
export function dequantize(weight: Tensor, scale: Tensor): Tensor {
  return weight.device.applySingle(dequantizeOp, [weight, scale], {})
}
