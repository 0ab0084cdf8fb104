import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { geluTanh } from './gelu-tanh.ts'
import { gelu } from './gelu.ts'
import { linear, linearOp } from './linear.ts'
import { relu } from './relu.ts'
import { silu } from './silu.ts'

/** The activations that a backend may apply to a product while that is still in its cache. */
export type FusedActivation = 'relu' | 'gelu' | 'gelu-tanh' | 'silu'

const activations: Readonly<Record<FusedActivation, (x: Tensor) => Tensor>> = {
  relu,
  gelu,
  'gelu-tanh': geluTanh,
  silu,
}

/** Inputs as of `linear`. It has no gradient of its own: where gradients are recorded, it is a linear map and an activation. */
export const linearActivationOp: CompositeOp<{ readonly activation: FusedActivation }> = {
  name: 'qkv/linearActivation',
  kind: 'composite',
  infer: (inputs) => linearOp.infer(inputs, {}),
  decompose: ([x, weight, bias], { activation }) => [activations[activation](linear(x!, weight!, bias))],
  samples: (['relu', 'gelu', 'gelu-tanh', 'silu'] as const).flatMap((activation) => [
    { inputs: [{ shape: [2, 5, 3] }, { shape: [9, 3] }, { shape: [9] }], attrs: { activation } },
    { inputs: [{ shape: [3] }, { shape: [2, 3] }], attrs: { activation } },
    { inputs: [{ shape: [0, 3] }, { shape: [2, 3] }, { shape: [2] }], attrs: { activation } },
  ]),
}

/**
 * An affine map of the last axis and an activation, `activation(x weightᵀ + bias)`, as in the first half of a feed-forward network: x
 * `[..., in]`, weight `[out, in]`, bias `[out]`, result `[..., out]`. Throws a `ShapeError` when the widths differ.
 *
 * @example
 * const inner = linearActivation(x, weight, bias, 'gelu') // [batch, length, out]
 */
export function linearActivation(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  activation: FusedActivation,
): Tensor {
  return x.device.applySingle(linearActivationOp, bias ? [x, weight, bias] : [x, weight], { activation })
}
