import type { DType } from '../dtype.ts'
import type { Device } from '../device.ts'
import type { PrimitiveOp } from '../op.ts'
import { checkShape, normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { forEachLine, walkAxis } from './axis-walk.ts'

interface IotaAttrs {
  readonly shape: readonly number[]
  readonly axis: number
  readonly dtype: 'float32' | 'int32'
}

/** The scalars are the first value and the step: a position moves on without a new kernel. */
export const iotaOp: PrimitiveOp<IotaAttrs> = {
  name: 'qkv/iota',
  kind: 'primitive',
  infer(_, { shape, dtype }) {
    checkShape('iota', shape)
    return [{ shape, dtype }]
  },
  reference({ outputs: [out], attrs: { axis }, scalars: [start, step] }) {
    const walk = walkAxis(out!.shape, axis)
    forEachLine(walk, (first) => {
      for (let index = 0; index < walk.length; index++) {
        out!.data[first + index * walk.inner] = start! + index * step!
      }
    })
  },
  samples: [
    { inputs: [], attrs: { shape: [2, 3, 2], axis: 1, dtype: 'int32' }, scalars: [5, -2] },
    { inputs: [], attrs: { shape: [7], axis: 0, dtype: 'float32' }, scalars: [0.5, 0.25] },
    { inputs: [], attrs: { shape: [0], axis: 0, dtype: 'int32' }, scalars: [0, 1] },
  ],
}

/** Where counting begins, and how it goes on. */
export interface CountingOptions {
  /** 0 unless said. */
  readonly start?: number
  /** 1 unless said. */
  readonly step?: number
  /** `int32` unless said. */
  readonly dtype?: Extract<DType, 'float32' | 'int32'>
}

/**
 * Numbers that count along one axis, the last one unless said, and are the same along all others.
 *
 * @example
 * const rows = iota(device, [4, 4], { axis: 0 })
 */
export function iota(
  device: Device,
  shape: readonly number[],
  options: CountingOptions & { readonly axis?: number } = {},
): Tensor {
  const { start = 0, step = 1, dtype = 'int32' } = options
  const axis = normalizeAxis('iota', options.axis ?? -1, shape.length)
  return device.applySingle(iotaOp, [], { shape, axis, dtype }, [start, step])
}

/**
 * The numbers `start`, `start + step`, ... as a tensor of one axis.
 *
 * @example
 * const positions = arange(device, length, { start: cachedLength })
 */
export function arange(device: Device, length: number, options: CountingOptions = {}): Tensor {
  return iota(device, [length], options)
}
