import type { ViewOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'

export const stopGradientOp: ViewOp<object> = {
  name: 'qkv/stopGradient',
  kind: 'view',
  infer: ([x]) => [x!],
  relayout: (layout) => layout,
  stopsGradient: true,
  samples: [{ inputs: [{ shape: [2, 3] }], attrs: {} }],
}

/**
 * The same values, taken as a constant by gradients.
 *
 * @example
 * const shifted = sub(x, stopGradient(max(x, { axis: -1, keepAxes: true })))
 */
export function stopGradient(x: Tensor): Tensor {
  return x.device.applySingle(stopGradientOp, [x], {})
}
