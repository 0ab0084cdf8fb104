import type { TensorSpec } from '../dtype.ts'
import { ShapeError } from '../errors/shape-error.ts'
import type { CompositeOp } from '../op.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { checkDType } from './check-dtype.ts'
import { linearBackwardOp, toRows } from './linear-backward.ts'
import { matmul } from './matmul.ts'
import { reshape } from './reshape.ts'
import { transpose } from './transpose.ts'

/** Inputs: x `[..., in]`, weight `[out, in]` and, when there is a bias, bias `[out]`. */
export const linearOp: CompositeOp<object> = {
  name: 'qkv/linear',
  kind: 'composite',
  infer(inputs) {
    const [x, weight, bias] = inputs
    for (const [index, argument] of ['x', 'weight', 'bias'].entries()) {
      if (inputs[index]) checkDType('linear', argument, inputs[index], ['float32'])
    }
    checkShapes(x!, weight!, bias)
    return [{ shape: [...x!.shape.slice(0, -1), weight!.shape[0]!], dtype: 'float32' }]
  },
  decompose([x, weight, bias]) {
    const product = matmul(toRows(x!), transpose(weight!))
    return [reshape(bias ? add(product, bias) : product, [...x!.shape.slice(0, -1), weight!.shape[0]!])]
  },
  vjp({ inputs: [x, weight], gradient, needs: [needsX, needsWeight, needsBias] }) {
    const needs = [needsX!, needsWeight!, needsBias ?? false] as const
    const gradients = gradient.device.apply(linearBackwardOp, [x!, weight!, gradient], { needs }).values()
    return needs.map((needed) => (needed ? gradients.next().value : undefined))
  },
  saves: { inputs: [0, 1], outputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [4, 3] }, { shape: [4] }], attrs: {} },
    { inputs: [{ shape: [2, 2, 3] }, { shape: [2, 3] }], attrs: {} },
    { inputs: [{ shape: [3] }, { shape: [2, 3] }, { shape: [2] }], attrs: {} },
    { inputs: [{ shape: [0, 3] }, { shape: [2, 3] }, { shape: [2] }], attrs: {} },
  ],
}

function checkShapes(x: TensorSpec, weight: TensorSpec, bias: TensorSpec | undefined): void {
  const input = x.shape.at(-1)
  if (weight.shape.length !== 2 || weight.shape[1] !== input) {
    throw new ShapeError({
      operation: 'linear',
      argument: 'weight',
      got: `has shape ${formatShape(weight.shape)}`,
      expected: `[out, ${input ?? 'in'}]: its last axis must equal the last axis of 'x' ${formatShape(x.shape)}`,
      fix:
        weight.shape.length === 2 && weight.shape[0] === input
          ? "Did you mean to transpose 'weight'? Weights are [out, in]."
          : 'Check the width that the layer was made for.',
    })
  }
  if (bias === undefined || (bias.shape.length === 1 && bias.shape[0] === weight.shape[0])) return
  throw new ShapeError({
    operation: 'linear',
    argument: 'bias',
    got: `has shape ${formatShape(bias.shape)}`,
    expected: `[${weight.shape[0]}], one number per row of 'weight' ${formatShape(weight.shape)}`,
    fix: 'Give a bias of the output width, or none.',
  })
}

/**
 * An affine map of the last axis, `x weightᵀ + bias`: x `[..., in]`, weight `[out, in]`, bias `[out]`, result
 * `[..., out]`. Throws a `ShapeError` when the widths differ.
 *
 * @example
 * const hidden = linear(x, weight, bias) // [batch, length, out]
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  return x.device.applySingle(linearOp, bias ? [x, weight, bias] : [x, weight], {})
}
