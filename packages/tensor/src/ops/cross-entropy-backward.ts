import type { CompositeOp } from '../op.ts'
import type { CrossEntropyAttrs } from './cross-entropy-op.ts'
import { isTarget } from './cross-entropy-targets.ts'
import { div } from './div.ts'
import { equal } from './equal.ts'
import { exp } from './exp.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

/**
 * Inputs: logits `[rows, classes]`, int32 targets `[rows]`, logSumExp `[rows]` and the gradient of the losses `[rows]`.
 * Output: the gradient of the logits, 0 in ignored rows.
 */
export const crossEntropyBackwardOp: CompositeOp<CrossEntropyAttrs> = {
  name: 'qkv/crossEntropyBackward',
  kind: 'composite',
  infer: ([logits]) => [logits!],
  decompose([logits, targets, logSumExp, gradient], { labelSmoothing, ignoreIndex }) {
    const [rows, classes] = logits!.shape as readonly [number, number]
    const exponentials = exp(sub(logits!, reshape(logSumExp!, [rows, 1])))
    // They sum to 1 up to the rounding of logSumExp, which grows with the logits.
    const softmax = div(exponentials, sum(exponentials, { axis: 1, keepAxes: true }))
    const share = labelSmoothing / classes
    const target = isTarget(targets!, classes, ignoreIndex)
    const difference = sub(softmax, where(target, 1 - labelSmoothing + share, share))
    const scaled = mul(difference, reshape(gradient!, [rows, 1]))
    return [
      ignoreIndex === null ? scaled : where(reshape(equal(targets!, ignoreIndex), [rows, 1]), 0, scaled),
    ]
  },
  samples: [
    {
      inputs: [
        { shape: [3, 4] },
        { shape: [3], dtype: 'int32', values: [2, 0, 3] },
        { shape: [3], range: [1, 2] },
        { shape: [3] },
      ],
      attrs: { labelSmoothing: 0, ignoreIndex: null },
    },
    {
      inputs: [
        { shape: [4, 3] },
        { shape: [4], dtype: 'int32', values: [1, -100, 2, -100] },
        { shape: [4], range: [1, 2] },
        { shape: [4] },
      ],
      attrs: { labelSmoothing: 0.1, ignoreIndex: -100 },
    },
  ],
}
