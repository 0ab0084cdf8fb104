import type { TensorSpec } from '../dtype.ts'
import { ShapeError } from '../errors/shape-error.ts'
import type { CompositeOp } from '../op.ts'
import { formatShape, sameShape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { checkDType } from './check-dtype.ts'
import { div } from './div.ts'
import { layerNormBackwardOp } from './layer-norm-backward.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import { checkScale } from './norm-rows.ts'
import { reshape } from './reshape.ts'
import { rsqrt } from './rsqrt.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'

/**
 * Inputs: x `[..., width]`, then weight `[width]` and bias `[width]` where there are any; no bias without a weight.
 * Outputs: y like x, mean `[..., 1]` and inverseDeviation `[..., 1]`, which the gradient reads.
 */
export const layerNormOp: CompositeOp<{ readonly epsilon: number }> = {
  name: 'qkv/layerNorm',
  kind: 'composite',
  source: 'Ba et al. 2016, Layer normalization, section 3',
  infer([x, ...scales]) {
    checkDType('layerNorm', 'x', x!, ['float32'])
    scales.forEach((scale, index) => checkScale('layerNorm', index === 0 ? 'weight' : 'bias', scale, x!))
    const statistic: TensorSpec = { shape: [...x!.shape.slice(0, -1), 1], dtype: 'float32' }
    return [x!, statistic, statistic]
  },
  decompose([x, weight, bias], { epsilon }) {
    const center = mean(x!, { axis: -1, keepAxes: true })
    // Squares of centered values: E[x²] - E[x]² would cancel where the mean is large.
    const centered = sub(x!, center)
    const variance = mean(square(centered), { axis: -1, keepAxes: true })
    const inverseDeviation = rsqrt(add(variance, epsilon))
    const normalized = mul(centered, inverseDeviation)
    const scaled = weight ? mul(normalized, weight) : normalized
    return [bias ? add(scaled, bias) : scaled, center, inverseDeviation]
  },
  vjp({ inputs: [x, weight], outputs: [, center, inverseDeviation], gradient, outputGradients, needs }) {
    const inputs = [x!, center!, inverseDeviation!, gradient]
    const [dx, ...rest] = x!.device.apply(layerNormBackwardOp, weight ? [...inputs, weight] : inputs, {})
    return [
      needs[0] ? addStatisticGradients(dx!, x!, center!, inverseDeviation!, outputGradients) : undefined,
      ...rest,
    ]
  },
  saves: { inputs: [0, 1], outputs: [1, 2] },
  samples: [
    { inputs: [{ shape: [2, 4] }, { shape: [4] }, { shape: [4] }], attrs: { epsilon: 1e-5 } },
    { inputs: [{ shape: [2, 2, 3] }, { shape: [3] }], attrs: { epsilon: 1e-5 } },
    { inputs: [{ shape: [3, 4], range: [3, 5] }], attrs: { epsilon: 1e-3 } },
    { inputs: [{ shape: [0, 4] }, { shape: [4] }, { shape: [4] }], attrs: { epsilon: 1e-5 } },
  ],
}

/** The statistics are outputs too: only derivatives of derivatives, and who reads them, send gradients there. */
function addStatisticGradients(
  dx: Tensor,
  x: Tensor,
  center: Tensor,
  inverseDeviation: Tensor,
  [, centerGradient, deviationGradient]: readonly (Tensor | undefined)[],
): Tensor {
  const width = x.shape.at(-1)!
  let total = dx
  if (centerGradient) total = add(total, div(centerGradient, width))
  if (deviationGradient) {
    const cube = mul(mul(inverseDeviation, inverseDeviation), inverseDeviation)
    total = sub(total, mul(sub(x, center), div(mul(deviationGradient, cube), width)))
  }
  return total
}

/**
 * Shifts and scales each vector of the last axis to mean 0 and variance 1, then multiplies by `weight` and adds `bias`.
 *
 * With `normalizedShape`, or a weight of several axes, it normalises over that many last axes together. Throws a
 * `ShapeError` when the shapes do not fit.
 *
 * Source: Ba et al. 2016, "Layer normalization", section 3; the variance divides by the width, not by one less.
 *
 * @example
 * const normalized = layerNorm(x, { weight, bias }) // [batch, length, width]
 */
export function layerNorm(
  x: Tensor,
  options: {
    readonly weight?: Tensor | undefined
    readonly bias?: Tensor | undefined
    /** Added to the variance; 1e-5 unless said. */
    readonly epsilon?: number
    /** The lengths of the axes to normalise over; those of the weight or bias, or the last axis, unless said. */
    readonly normalizedShape?: readonly number[]
  } = {},
): Tensor {
  const { weight, bias, epsilon = 1e-5 } = options
  const normalizedShape = options.normalizedShape ?? weight?.shape ?? bias?.shape ?? x.shape.slice(-1)
  checkShapes(x, options, normalizedShape)
  const lead = x.shape.slice(0, x.rank - normalizedShape.length)
  const width = sizeOf(normalizedShape)
  const inputs = [reshape(x, [...lead, width])]
  if (weight) inputs.push(reshape(weight, [width]))
  if (weight && bias) inputs.push(reshape(bias, [width]))
  const [y, center, inverseDeviation] = x.device.apply(layerNormOp, inputs, { epsilon })
  center!.dispose()
  inverseDeviation!.dispose()
  const normalized = reshape(y!, x.shape)
  return bias && !weight ? add(normalized, bias) : normalized
}

function checkShapes(
  x: Tensor,
  scales: { readonly weight?: Tensor | undefined; readonly bias?: Tensor | undefined },
  normalizedShape: readonly number[],
): void {
  const { length } = normalizedShape
  if (length === 0 || !sameShape(x.shape.slice(-length), normalizedShape)) {
    throw new ShapeError({
      operation: 'layerNorm',
      argument: 'x',
      got: `has shape ${formatShape(x.shape)}`,
      expected: `[..., ${normalizedShape.join(', ')}]: it must end with the normalised axes`,
      fix: 'Check the width that the layer was made for.',
    })
  }
  for (const argument of ['weight', 'bias'] as const) {
    const scale = scales[argument]
    if (!scale || sameShape(scale.shape, normalizedShape)) continue
    throw new ShapeError({
      operation: 'layerNorm',
      argument,
      got: `has shape ${formatShape(scale.shape)}`,
      expected: `the normalised axes ${formatShape(normalizedShape)}`,
      fix: 'Check the width that the layer was made for.',
    })
  }
}
