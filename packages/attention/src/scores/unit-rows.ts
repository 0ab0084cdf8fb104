import { div, maximum, norm, type Tensor } from '@qkv/tensor'

/** Rows of the last axis over their length, so that products are cosines; a row of zeros stays one. */
export function unitRows(x: Tensor): Tensor {
  return div(x, maximum(norm(x, { axis: -1, keepAxes: true }), 1e-8))
}
