import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { numericDTypes } from './check-dtype.ts'
import { elementwiseComposite } from './define-composite.ts'
import { greater, less } from './less.ts'
import { maximum } from './maximum.ts'
import { minimum } from './minimum.ts'
import { where } from './where.ts'

interface ClampAttrs {
  readonly min?: number
  readonly max?: number
}

export const clampOp: CompositeOp<ClampAttrs> = elementwiseComposite<ClampAttrs>({
  name: 'qkv/clamp',
  inputs: ['x'],
  compute([x], { min, max }) {
    const raised = min === undefined ? x! : maximum(x!, min)
    return max === undefined ? raised : minimum(raised, max)
  },
  vjp({ inputs: [x], gradient, attrs: { min, max } }) {
    const above = min === undefined ? gradient : where(less(x!, min), 0, gradient)
    return [max === undefined ? above : where(greater(x!, max), 0, above)]
  },
  saves: { outputs: [] },
  dtypes: numericDTypes,
  attrs: [{ min: -0.5, max: 0.25 }, { min: 0 }, { max: 0.5 }],
})

/**
 * Each element, moved to the nearer bound where it is outside them; either bound may be left out. The gradient on a bound
 * is 1.
 *
 * @example
 * const probability = clamp(x, { min: 1e-6, max: 1 })
 */
export function clamp(x: Tensor, options: { readonly min?: number; readonly max?: number }): Tensor {
  return x.device.applySingle(clampOp, [x], options)
}
