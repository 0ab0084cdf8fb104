import type { CompositeOp } from '../op.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import { sumOfRows } from './norm-rows.ts'
import { sub } from './sub.ts'

/**
 * Inputs: x `[..., width]`, inverseRootMeanSquare `[..., 1]`, gradient like x, then weight `[width]` where there is one.
 * Outputs: the gradient of x and, with a weight, that of the weight.
 */
export const rmsNormBackwardOp: CompositeOp<object> = {
  name: 'qkv/rmsNormBackward',
  kind: 'composite',
  infer: ([x, , , weight]) => (weight ? [x!, weight] : [x!]),
  decompose([x, inverse, gradient, weight]) {
    const normalized = mul(x!, inverse!)
    const scaled = weight ? mul(gradient!, weight) : gradient!
    const along = mean(mul(scaled, normalized), { axis: -1, keepAxes: true })
    const dx = mul(sub(scaled, mul(normalized, along)), inverse!)
    return weight ? [dx, sumOfRows(mul(gradient!, normalized))] : [dx]
  },
  samples: [
    {
      inputs: [{ shape: [2, 4] }, { shape: [2, 1], range: [0.5, 2] }, { shape: [2, 4] }, { shape: [4] }],
      attrs: {},
    },
    {
      inputs: [{ shape: [2, 2, 3] }, { shape: [2, 2, 1], range: [0.5, 2] }, { shape: [2, 2, 3] }],
      attrs: {},
    },
  ],
}
