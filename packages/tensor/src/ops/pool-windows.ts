import { ArgumentError } from '../errors/argument-error.ts'
import { ShapeError } from '../errors/shape-error.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { checkDType } from './check-dtype.ts'
import { padSpatial, perSpatialAxis, spatialWindows } from './convolution.ts'

/** What poolings over images take; a number stands for height and width. */
export interface PoolOptions {
  readonly kernelSize: number | readonly number[]
  /** Step between windows; the kernel size unless said. */
  readonly stride?: number | readonly number[]
  /** Border on both sides, at most half the kernel size; 0 unless said. */
  readonly padding?: number | readonly number[]
  /** Step between the elements of a window; 1 unless said. */
  readonly dilation?: number | readonly number[]
}

/** The windows of a pooling, `[batch, channels, rows, columns, kernelHeight, kernelWidth]`. */
export function poolWindows(
  operation: string,
  x: Tensor,
  options: PoolOptions,
  paddingValue: number,
): Tensor {
  checkDType(operation, 'x', x.spec, ['float32'])
  if (x.rank !== 4) {
    throw new ShapeError({
      operation,
      argument: 'x',
      got: `has shape ${formatShape(x.shape)}`,
      expected: '[batch, channels, height, width]',
      fix: 'Add the missing axes with `reshape`.',
    })
  }
  const size = perSpatialAxis(operation, 'kernelSize', options.kernelSize, 2, 1)
  const stride = perSpatialAxis(operation, 'stride', options.stride ?? size, 2, 1)
  const padding = perSpatialAxis(operation, 'padding', options.padding ?? 0, 2, 0)
  const dilation = perSpatialAxis(operation, 'dilation', options.dilation ?? 1, 2, 1)
  if (padding.some((width, axis) => width * 2 > size[axis]!)) {
    throw new ArgumentError({
      operation,
      argument: 'padding',
      got: `is [${padding.join(', ')}]`,
      expected: `at most half the kernel size [${size.join(', ')}]`,
      fix: 'More would make windows of nothing but padding.',
    })
  }
  return spatialWindows(padSpatial(x, padding, paddingValue), size, stride, dilation)
}
