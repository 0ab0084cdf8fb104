import type { TensorSpec } from '../dtype.ts'
import { ShapeError } from '../errors/shape-error.ts'
import type { CompositeOp } from '../op.ts'
import { formatShape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { cast } from './cast.ts'
import { checkDType } from './check-dtype.ts'
import { checkQuantized } from './check-quantized.ts'
import { dequantize } from './dequantize.ts'
import { linear } from './linear.ts'
import { matmul } from './matmul.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { sum } from './sum.ts'
import { transpose } from './transpose.ts'

/** Inputs: x `[..., in]`, int8 weight `[out, in]`, scale `[out, blocks]` and, when there is a bias, bias `[out]`. */
export const quantizedLinearOp: CompositeOp<object> = {
  name: 'qkv/quantizedLinear',
  kind: 'composite',
  source: 'Dettmers et al. 2022, LLM.int8(), section 2.1, with a scale per row or block of the weight',
  infer([x, weight, scale, bias]) {
    checkDType('quantizedLinear', 'x', x!, ['float32'])
    checkQuantized('quantizedLinear', weight!, scale!)
    if (bias) checkDType('quantizedLinear', 'bias', bias, ['float32'])
    checkShapes(x!, weight!, bias)
    return [{ shape: [...x!.shape.slice(0, -1), weight!.shape[0]!], dtype: 'float32' }]
  },
  decompose: ([x, weight, scale, bias]) => [linear(x!, dequantize(weight!, scale!), bias)],
  // Whole numbers have no gradient; all else has.
  vjp({ inputs: [x, weight, scale], gradient, needs }) {
    const rows = toRows(gradient)
    return [
      needs[0] ? reshape(matmul(rows, dequantize(weight!, scale!)), x!.shape) : undefined,
      undefined,
      needs[2] ? scaleGradient(rows, toRows(x!), weight!, scale!.shape[1]!) : undefined,
      needs[3] ? sum(rows, { axis: 0 }) : undefined,
    ]
  },
  saves: { inputs: [0, 1, 2], outputs: [] },
  // A kernel may round the rows of `x` to 16 bits.
  relativeTolerance: 1e-4,
  samples: [
    sample([2, 3], 4, 1, true),
    sample([2, 2, 6], 3, 2, false),
    sample([3], 2, 3, true),
    sample([0, 3], 2, 1, true),
    sample([2, 0], 2, 1, true),
    // Longer than the vectors of a kernel, and with a rest.
    sample([3, 38], 5, 1, true),
    sample([1, 64], 9, 2, false),
    sample([9, 40], 6, 2, true),
    sample([3, 21], 19, 3, true),
  ],
}

function sample(
  x: readonly number[],
  out: number,
  blocks: number,
  biased: boolean,
): CompositeOp<object>['samples'][number] {
  return {
    inputs: [
      { shape: x },
      { shape: [out, x.at(-1)!], dtype: 'int8', range: [-127, 128] },
      { shape: [out, blocks], range: [0.002, 0.01] },
      ...(biased ? [{ shape: [out] }] : []),
    ],
    attrs: {},
  }
}

function toRows(x: Tensor): Tensor {
  return reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape.at(-1)!])
}

/** The gradient of the dequantised weight, times the whole numbers, summed over each block. */
function scaleGradient(gradient: Tensor, x: Tensor, weight: Tensor, blocks: number): Tensor {
  const [out, inner] = weight.shape as readonly [number, number]
  const parts = mul(matmul(transpose(gradient), x), cast(weight, 'float32'))
  return sum(reshape(parts, [out, blocks, inner / blocks]), { axis: -1 })
}

function checkShapes(x: TensorSpec, weight: TensorSpec, bias: TensorSpec | undefined): void {
  const [out, inner] = weight.shape as readonly [number, number]
  if (x.shape.at(-1) !== inner) {
    throw new ShapeError({
      operation: 'quantizedLinear',
      argument: 'x',
      got: `has shape ${formatShape(x.shape)}`,
      expected: `[..., ${inner}]: its last axis must equal that of 'weight' ${formatShape(weight.shape)}`,
      fix: 'Check the width that the layer was made for.',
    })
  }
  if (bias === undefined || (bias.shape.length === 1 && bias.shape[0] === out)) return
  throw new ShapeError({
    operation: 'quantizedLinear',
    argument: 'bias',
    got: `has shape ${formatShape(bias.shape)}`,
    expected: `[${out}], one number per row of 'weight' ${formatShape(weight.shape)}`,
    fix: 'Give a bias of the output width, or none.',
  })
}

/**
 * `linear` with a weight of 8 bits, for inference: x `[..., in]`, int8 weight `[out, in]`, scale `[out, blocks]` with
 * `blocks` that divides `in`, bias `[out]`, result `[..., out]`. The weight has no gradient; everything else has.
 *
 * A backend may round the rows of `x` to 16 bits, an error of up to a 65,534th of the largest element of the row.
 * Throws a `DTypeError` or a `ShapeError` when the inputs do not belong together.
 *
 * Source: Dettmers et al. 2022, "LLM.int8()", section 2.1, with a scale per row or block of the weight.
 *
 * @example
 * const { weight, scale } = quantizeRows(values, [out, width])
 * const hidden = quantizedLinear(x, device.tensor(weight, { shape: [out, width] }), device.tensor(scale, { shape: [out, 1] }))
 */
export function quantizedLinear(
  x: Tensor,
  weight: Tensor,
  scale: Tensor,
  options: { readonly bias?: Tensor | undefined } = {},
): Tensor {
  const { bias } = options
  const inputs = bias ? [x, weight, scale, bias] : [x, weight, scale]
  return x.device.applySingle(quantizedLinearOp, inputs, {})
}
