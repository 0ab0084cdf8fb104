import { ArgumentError } from '../errors/argument-error.ts'
import { ShapeError } from '../errors/shape-error.ts'
import { formatShape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { linear } from './linear.ts'
import { matmul } from './matmul.ts'
import { pad } from './pad.ts'
import { reshape } from './reshape.ts'
import { transpose } from './transpose.ts'
import { unfold } from './unfold.ts'

/** What convolutions take; a number stands for the same number along every spatial axis. */
export interface ConvolutionOptions {
  readonly bias?: Tensor | undefined
  /** Step between windows; 1 unless said. */
  readonly stride?: number | readonly number[]
  /** Zeros on both sides of each spatial axis; 0 unless said. */
  readonly padding?: number | readonly number[]
  /** Step between the elements of a window; 1 unless said. */
  readonly dilation?: number | readonly number[]
  /** Into how many groups the channels are split that do not see each other; 1 unless said. */
  readonly groups?: number
}

/** One number per spatial axis; throws an `ArgumentError` for any other count, or a number below `minimum`. */
export function perSpatialAxis(
  operation: string,
  argument: string,
  value: number | readonly number[],
  count: number,
  minimum: number,
): readonly number[] {
  const list = typeof value === 'number' ? new Array<number>(count).fill(value) : value
  if (list.length === count && list.every((item) => Number.isInteger(item) && item >= minimum)) return list
  throw new ArgumentError({
    operation,
    argument,
    got: `is [${list.join(', ')}]`,
    expected: `a whole number from ${minimum}, or ${count} of them, one per spatial axis`,
    fix: 'Give one number for all spatial axes.',
  })
}

/** Pads the last axes of a tensor on both sides. */
export function padSpatial(x: Tensor, padding: readonly number[], value: number): Tensor {
  if (padding.every((width) => width === 0)) return x
  const widths = [...new Array<number>(x.rank - padding.length).fill(0), ...padding]
  return pad(x, { before: widths, after: widths, value })
}

/** `[batch, channels, ...positions, ...window]` from `[batch, channels, ...spatial]`, moving no data. */
export function spatialWindows(
  x: Tensor,
  size: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
): Tensor {
  return size.reduce(
    (windows, length, axis) =>
      unfold(windows, { axis: 2 + axis, size: length, step: stride[axis]!, dilation: dilation[axis]! }),
    x,
  )
}

/**
 * The cross-correlation that deep learning calls convolution, over any number of spatial axes: windows as rows, times
 * the weights, in one matrix product (per group).
 */
export function convolve(
  operation: string,
  x: Tensor,
  weight: Tensor,
  spatialAxes: number,
  options: ConvolutionOptions,
): Tensor {
  const { bias, groups = 1 } = options
  const stride = perSpatialAxis(operation, 'stride', options.stride ?? 1, spatialAxes, 1)
  const padding = perSpatialAxis(operation, 'padding', options.padding ?? 0, spatialAxes, 0)
  const dilation = perSpatialAxis(operation, 'dilation', options.dilation ?? 1, spatialAxes, 1)
  checkShapes(operation, x, weight, bias, spatialAxes, groups)
  const [batch, channels] = x.shape as readonly [number, number]
  const outputChannels = weight.shape[0]!
  const kernel = weight.shape.slice(2)
  return x.device.scoped(() => {
    const windows = spatialWindows(padSpatial(x, padding, 0), kernel, stride, dilation)
    const positions = windows.shape.slice(2, 2 + spatialAxes)
    const rows = batch * sizeOf(positions)
    const width = (channels / groups) * sizeOf(kernel)
    const grouped = reshape(windows, [batch, groups, channels / groups, ...positions, ...kernel])
    // [groups, batch, ...positions, channels in the group, ...kernel]
    const spatial = Array.from({ length: spatialAxes }, (_, axis) => 3 + axis)
    const window = spatial.map((axis) => axis + spatialAxes)
    const patches = reshape(transpose(grouped, { order: [1, 0, ...spatial, 2, ...window] }), [
      groups,
      rows,
      width,
    ])
    let output: Tensor // [rows, outputChannels]
    if (groups === 1) {
      output = linear(reshape(patches, [rows, width]), reshape(weight, [outputChannels, width]), bias)
    } else {
      const filters = reshape(weight, [groups, outputChannels / groups, width])
      const product = matmul(patches, transpose(filters)) // [groups, rows, outputChannels / groups]
      const joined = reshape(transpose(product, { order: [1, 0, 2] }), [rows, outputChannels])
      output = bias ? add(joined, bias) : joined
    }
    const positionAxes = positions.map((_, axis) => 1 + axis)
    const image = reshape(output, [batch, ...positions, outputChannels])
    return transpose(image, { order: [0, 1 + spatialAxes, ...positionAxes] })
  })
}

function checkShapes(
  operation: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  spatialAxes: number,
  groups: number,
): void {
  const spatial = spatialAxes === 1 ? 'length' : 'height, width'
  if (x.rank !== 2 + spatialAxes) {
    throw new ShapeError({
      operation,
      argument: 'x',
      got: `has shape ${formatShape(x.shape)}`,
      expected: `[batch, channels, ${spatial}]`,
      fix: 'Add the batch axis with `reshape`, and put the channels second.',
    })
  }
  const channels = x.shape[1]!
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0 || weight.shape[0]! % groups !== 0) {
    throw new ArgumentError({
      operation,
      argument: 'groups',
      got: `is ${groups}`,
      expected: `a whole number that divides the ${channels} input and ${weight.shape[0]} output channels`,
      fix: 'Use 1, or the number of channels for a depthwise convolution.',
    })
  }
  if (weight.rank !== 2 + spatialAxes || weight.shape[1] !== channels / groups) {
    throw new ShapeError({
      operation,
      argument: 'weight',
      got: `has shape ${formatShape(weight.shape)}`,
      expected: `[out, ${channels / groups}, ${spatial}], where ${channels / groups} are the channels of 'x' ${formatShape(x.shape)} per group`,
      fix: 'Check the number of input channels and groups.',
    })
  }
  if (bias && (bias.rank !== 1 || bias.shape[0] !== weight.shape[0])) {
    throw new ShapeError({
      operation,
      argument: 'bias',
      got: `has shape ${formatShape(bias.shape)}`,
      expected: `[${weight.shape[0]}], one number per output channel`,
      fix: 'Give a bias of the output channels, or none.',
    })
  }
}
