import { cos, type Device, div, floor, iota, mul, sin, sub, type Tensor } from '@qkv/tensor'

/** Cosines and sines of angles, of one shape. */
export interface Turns {
  readonly cosines: Tensor
  readonly sines: Tensor
}

/**
 * `[rows, columns]`: cosines and sines of a full turn times `row * frequency / period`, where the frequencies are the numbers
 * 0 to `columns - 1` unless given. Whole turns are taken off before the angle is formed, which would lose its fraction in float32.
 */
export function turnsOf(
  device: Device,
  sizes: {
    readonly rows: number
    readonly columns: number
    readonly period: number
    readonly frequencies?: Tensor
  },
): Turns {
  const { rows, columns, period } = sizes
  const frequencies = sizes.frequencies ?? iota(device, [1, columns], { axis: 1, dtype: 'float32' })
  const products = mul(iota(device, [rows, 1], { axis: 0, dtype: 'float32' }), frequencies)
  const rest = sub(products, mul(floor(div(products, period)), period))
  const angles = mul(rest, (2 * Math.PI) / period)
  return { cosines: cos(angles), sines: sin(angles) }
}
