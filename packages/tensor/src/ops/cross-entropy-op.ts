import type { TensorSpec } from '../dtype.ts'
import { ArgumentError } from '../errors/argument-error.ts'
import { ShapeError } from '../errors/shape-error.ts'
import type { CompositeOp } from '../op.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { checkDType } from './check-dtype.ts'
import { crossEntropyBackwardOp } from './cross-entropy-backward.ts'
import { isTarget } from './cross-entropy-targets.ts'
import { equal } from './equal.ts'
import { exp } from './exp.ts'
import { log } from './log.ts'
import { max } from './max.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

export interface CrossEntropyAttrs {
  /** The share of each target that is spread evenly over all classes, the target included. */
  readonly labelSmoothing: number
  /** Rows with this target have no loss and no gradient. */
  readonly ignoreIndex: number | null
}

/**
 * Inputs: logits `[rows, classes]` and int32 targets `[rows]`. Outputs: losses `[rows]` in nats, 0 for ignored rows,
 * and logSumExp `[rows]`, which the gradient reads.
 */
export const crossEntropyOp: CompositeOp<CrossEntropyAttrs> = {
  name: 'qkv/crossEntropy',
  kind: 'composite',
  source: 'Szegedy et al. 2016, Rethinking the inception architecture, section 7, for the label smoothing',
  infer([logits, targets], { labelSmoothing }) {
    checkDType('crossEntropy', 'logits', logits!, ['float32'])
    checkDType('crossEntropy', 'targets', targets!, ['int32'])
    checkRows(logits!, targets!)
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new ArgumentError({
        operation: 'crossEntropy',
        argument: 'labelSmoothing',
        got: `is ${labelSmoothing}`,
        expected: 'a number from 0 to 1',
        fix: 'Use 0.1, or 0 for none.',
      })
    }
    const perRow: TensorSpec = { shape: targets!.shape, dtype: 'float32' }
    return [perRow, perRow]
  },
  decompose([logits, targets], { labelSmoothing, ignoreIndex }) {
    const classes = logits!.shape[1]!
    const peak = max(logits!, { axis: 1, keepAxes: true })
    // The loss comes from shifted logits, since the rounding of logSumExp grows with the logits.
    const shifted = sub(logits!, peak)
    const logSum = log(sum(exp(shifted), { axis: 1 }))
    const picked = sum(where(isTarget(targets!, classes, ignoreIndex), shifted, 0), { axis: 1 })
    let losses = sub(logSum, picked)
    if (labelSmoothing > 0) {
      const uniform = sub(logSum, mul(sum(shifted, { axis: 1 }), 1 / classes))
      losses = add(mul(losses, 1 - labelSmoothing), mul(uniform, labelSmoothing))
    }
    if (ignoreIndex !== null) losses = where(equal(targets!, ignoreIndex), 0, losses)
    return [losses, add(logSum, reshape(peak, targets!.shape))]
  },
  vjp({ inputs: [logits, targets], outputs: [, logSumExp], gradient, outputGradients, attrs }) {
    const inputs = [logits!, targets!, logSumExp!, gradient]
    const dlogits: Tensor = logits!.device.applySingle(crossEntropyBackwardOp, inputs, attrs)
    const [, logSumExpGradient] = outputGradients
    if (!logSumExpGradient) return [dlogits]
    const column = [targets!.shape[0]!, 1]
    const softmax = exp(sub(logits!, reshape(logSumExp!, column)))
    return [add(dlogits, mul(softmax, reshape(logSumExpGradient, column)))]
  },
  saves: { outputs: [1] },
  samples: [
    {
      inputs: [{ shape: [3, 4] }, { shape: [3], dtype: 'int32', values: [2, 0, 3] }],
      attrs: { labelSmoothing: 0, ignoreIndex: null },
    },
    {
      inputs: [
        { shape: [4, 3], range: [-5, 5] },
        { shape: [4], dtype: 'int32', values: [1, -100, 2, -100] },
      ],
      attrs: { labelSmoothing: 0.1, ignoreIndex: -100 },
    },
    {
      inputs: [{ shape: [0, 3] }, { shape: [0], dtype: 'int32' }],
      attrs: { labelSmoothing: 0.1, ignoreIndex: 0 },
    },
  ],
}

function checkRows(logits: TensorSpec, targets: TensorSpec): void {
  if (logits.shape.length === 2 && targets.shape.length === 1 && logits.shape[0] === targets.shape[0]) return
  throw new ShapeError({
    operation: 'crossEntropy',
    argument: 'targets',
    got: `has shape ${formatShape(targets.shape)}`,
    expected: `[rows] for logits [rows, classes], which have shape ${formatShape(logits.shape)}`,
    fix: 'Use the function `crossEntropy` for further axes.',
  })
}
