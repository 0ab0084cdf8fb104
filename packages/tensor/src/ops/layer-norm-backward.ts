import type { CompositeOp } from '../op.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import { sumOfRows } from './norm-rows.ts'
import { sub } from './sub.ts'

/**
 * Inputs: x `[..., width]`, mean `[..., 1]`, inverseDeviation `[..., 1]`, gradient like x, then weight `[width]` where
 * there is one. Outputs: the gradient of x and, with a weight, those of weight and bias `[width]`.
 */
export const layerNormBackwardOp: CompositeOp<object> = {
  name: 'qkv/layerNormBackward',
  kind: 'composite',
  infer: ([x, , , , weight]) => (weight ? [x!, weight, weight] : [x!]),
  decompose([x, center, inverseDeviation, gradient, weight]) {
    const normalized = mul(sub(x!, center!), inverseDeviation!)
    const scaled = weight ? mul(gradient!, weight) : gradient!
    const along = mean(mul(scaled, normalized), { axis: -1, keepAxes: true })
    const projected = sub(sub(scaled, mean(scaled, { axis: -1, keepAxes: true })), mul(normalized, along))
    const dx = mul(projected, inverseDeviation!)
    if (!weight) return [dx]
    return [dx, sumOfRows(mul(gradient!, normalized)), sumOfRows(gradient!)]
  },
  samples: [
    {
      inputs: [
        { shape: [2, 4] },
        { shape: [2, 1] },
        { shape: [2, 1], range: [0.5, 2] },
        { shape: [2, 4] },
        { shape: [4] },
      ],
      attrs: {},
    },
    {
      inputs: [
        { shape: [2, 2, 3] },
        { shape: [2, 2, 1] },
        { shape: [2, 2, 1], range: [0.5, 2] },
        { shape: [2, 2, 3] },
      ],
      attrs: {},
    },
  ],
}
