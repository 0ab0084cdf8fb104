import type { TensorSpec } from '../dtype.ts'
import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { checkDType } from './check-dtype.ts'
import { div } from './div.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import { checkScale } from './norm-rows.ts'
import { rmsNormBackwardOp } from './rms-norm-backward.ts'
import { rsqrt } from './rsqrt.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'

/**
 * Inputs: x `[..., width]`, then weight `[width]` where there is one.
 * Outputs: y like x and inverseRootMeanSquare `[..., 1]`, which the gradient reads.
 */
export const rmsNormOp: CompositeOp<{ readonly epsilon: number }> = {
  name: 'qkv/rmsNorm',
  kind: 'composite',
  source: 'Zhang and Sennrich 2019, Root mean square layer normalization, equation 4',
  infer([x, weight]) {
    checkDType('rmsNorm', 'x', x!, ['float32'])
    if (weight) checkScale('rmsNorm', 'weight', weight, x!)
    const statistic: TensorSpec = { shape: [...x!.shape.slice(0, -1), 1], dtype: 'float32' }
    return [x!, statistic]
  },
  decompose([x, weight], { epsilon }) {
    const inverse = rsqrt(add(mean(square(x!), { axis: -1, keepAxes: true }), epsilon))
    const normalized = mul(x!, inverse)
    return [weight ? mul(normalized, weight) : normalized, inverse]
  },
  vjp({ inputs: [x, weight], outputs: [, inverse], gradient, outputGradients: [, inverseGradient] }) {
    const inputs = [x!, inverse!, gradient]
    const [dx, dweight] = x!.device.apply(rmsNormBackwardOp, weight ? [...inputs, weight] : inputs, {})
    if (!inverseGradient) return [dx, dweight]
    // Only derivatives of derivatives, and who reads the second output, send a gradient there.
    const cube = mul(mul(inverse!, inverse!), inverse!)
    return [sub(dx!, mul(x!, div(mul(inverseGradient, cube), x!.shape.at(-1)!))), dweight]
  },
  saves: { inputs: [0, 1], outputs: [1] },
  samples: [
    { inputs: [{ shape: [2, 4] }, { shape: [4] }], attrs: { epsilon: 1e-6 } },
    { inputs: [{ shape: [2, 2, 3] }], attrs: { epsilon: 1e-3 } },
    { inputs: [{ shape: [0, 4] }, { shape: [4] }], attrs: { epsilon: 1e-6 } },
  ],
}

/**
 * Divides each vector of the last axis by its root mean square, then multiplies by `weight` `[width]`. Throws a
 * `ShapeError` when the widths differ.
 *
 * Source: Zhang and Sennrich 2019, "Root mean square layer normalization", equation 4.
 *
 * @example
 * const normalized = rmsNorm(x, { weight }) // [batch, length, width]
 */
export function rmsNorm(
  x: Tensor,
  options: {
    readonly weight?: Tensor | undefined
    /** Added to the mean square; 1e-6 unless said. */
    readonly epsilon?: number
  } = {},
): Tensor {
  const { weight, epsilon = 1e-6 } = options
  const [y, inverse] = x.device.apply(rmsNormOp, weight ? [x, weight] : [x], { epsilon })
  inverse!.dispose()
  return y!
}
