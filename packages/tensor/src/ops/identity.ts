import type { ViewOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'

/** The same values under a new tensor. */
export const identityOp: ViewOp<object> = {
  name: 'qkv/identity',
  kind: 'view',
  infer: ([x]) => [x!],
  relayout: (layout) => layout,
  vjp: ({ gradient }) => [gradient],
  saves: { inputs: [], outputs: [] },
  samples: [{ inputs: [{ shape: [2, 3] }], attrs: {} }],
}

/**
 * A second tensor over the same buffer, with a life of its own.
 *
 * @example
 * const alias = identity(x) // disposing `x` leaves `alias` alive
 */
export function identity(x: Tensor): Tensor {
  return x.device.applySingle(identityOp, [x], {})
}
