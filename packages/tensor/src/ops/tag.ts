import type { ViewOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'

/** An identity with a name, where an observer may look. */
export const tagOp: ViewOp<{ readonly site: string }> = {
  name: 'qkv/tag',
  kind: 'view',
  infer: ([x]) => [x!],
  relayout: (layout) => layout,
  vjp: ({ gradient }) => [gradient],
  saves: { inputs: [], outputs: [] },
  samples: [{ inputs: [{ shape: [2, 3] }], attrs: { site: 'sample' } }],
}

/**
 * Names a value for observers, such as the inspector; costs nothing.
 *
 * @example
 * const weights = tag('attention.weights', softmax(scores, { axis: -1 }))
 */
export function tag(site: string, x: Tensor): Tensor {
  return x.device.applySingle(tagOp, [x], { site })
}
