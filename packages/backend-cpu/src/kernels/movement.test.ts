import {
  cast,
  concat,
  copy,
  crossEntropy,
  type Device,
  donate,
  full,
  gather,
  iota,
  pad,
  scatterAdd,
  slice,
  type Tensor,
  transpose,
  updateSlice,
} from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numbers, shapes, viewed, views } from '../testing/arbitraries.ts'
import { compare, toTensor } from '../testing/compare.ts'

const tensors = shapes().chain((shape) => numbers(shape))

test('copies of any permutation of axes', () => {
  const cases = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }).chain((shape) =>
    fc.tuple(
      numbers(shape),
      fc.shuffledSubarray(
        shape.map((_, axis) => axis),
        { minLength: shape.length },
      ),
    ),
  )
  fc.assert(
    fc.property(cases, views, ([x, order], view) => {
      const program = (device: Device): readonly Tensor[] => [
        copy(transpose(viewed(toTensor(device, x), view), { order })),
      ]
      expect(compare(program)).toBeNull()
    }),
  )
})

test('concat, pad and casts of any layout', () => {
  fc.assert(
    fc.property(tensors, views, fc.nat({ max: 3 }), (x, view, width) => {
      const program = (device: Device): readonly Tensor[] => {
        const tensor = viewed(toTensor(device, x), view)
        const widths = tensor.shape.map((_, axis) => (axis + width) % 3)
        const joined = tensor.shape.map((_, axis) => concat([tensor, tensor, tensor], { axis }))
        const whole = cast(tensor, 'int32')
        return [
          ...joined,
          pad(tensor, { before: widths, after: widths.toReversed(), value: width }),
          whole,
          cast(whole, 'bool'),
          cast(cast(tensor, 'bool'), 'float32'),
          cast(cast(tensor, 'bool'), 'int32'),
          cast(whole, 'float32'),
        ]
      }
      expect(compare(program)).toBeNull()
    }),
  )
})

test('updateSlice, donated or not', () => {
  const cases = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat(), fc.nat()), { minLength: 1, maxLength: 3 })
    .chain((axes) => {
      const size = axes.map(([length, share]) => share % (length + 1))
      const start = axes.map(([length, , place], axis) => place % (length - size[axis]! + 1))
      return fc.tuple(
        numbers(axes.map(([length]) => length)),
        numbers(size),
        fc.constant(start),
        fc.boolean(),
      )
    })
  fc.assert(
    fc.property(cases, ([x, value, start, donated]) => {
      const program = (device: Device): readonly Tensor[] => {
        const target = toTensor(device, x)
        return [updateSlice(donated ? donate(target) : target, toTensor(device, value), { start })]
      }
      expect(compare(program)).toBeNull()
    }),
  )
})

test('gather and scatterAdd along any axis', () => {
  const cases = shapes({ minRank: 1, minLength: 1 }).chain((shape) =>
    fc
      .nat({ max: shape.length - 1 })
      .chain((axis) =>
        fc.tuple(
          numbers(shape),
          fc.constant(axis),
          fc.array(fc.nat({ max: shape[axis]! - 1 }), { maxLength: 9 }),
        ),
      ),
  )
  fc.assert(
    fc.property(cases, ([x, axis, list]) => {
      const program = (device: Device): readonly Tensor[] => {
        const indices = device.tensor(Int32Array.from(list))
        const taken = gather(toTensor(device, x), indices, { axis })
        return [taken, scatterAdd(taken, indices, { axis, length: x.shape[axis]! })]
      }
      expect(compare(program)).toBeNull()
    }),
  )
})

test('an index or a class out of range is an error with its place', () => {
  const program = (use: (device: Device, ids: Tensor) => unknown) => (): unknown =>
    compare((device) => {
      use(device, device.tensor(new Int32Array([0, 7])))
      return []
    })
  const rows = { shape: [2, 3], values: [1, 2] }
  expect(program((device, ids) => gather(toTensor(device, rows), ids))).toThrow(
    "gather: 'indices' holds 7 at [1]",
  )
  expect(program((device, ids) => scatterAdd(toTensor(device, rows), ids, { length: 5 }))).toThrow(
    "scatterAdd: 'indices' holds 7 at [1]",
  )
  expect(program((device, ids) => crossEntropy(toTensor(device, rows), ids))).toThrow(
    "crossEntropy: 'targets' holds 7 at [1]",
  )
})

test('full and iota of every element type', () => {
  const program = (device: Device): readonly Tensor[] => [
    full(device, [2, 3], 1.5),
    full(device, [4], -3, { dtype: 'int32' }),
    full(device, [], true),
    iota(device, [3, 4, 2], { axis: 1, start: 5, step: -2 }),
    iota(device, [6], { dtype: 'float32', step: 0.25 }),
    iota(device, [0, 2], { axis: 0 }),
  ]
  expect(compare(program)).toBeNull()
})

test('views that share a buffer are read at their own place', () => {
  const x = { shape: [6, 8], values: Array.from({ length: 48 }, (_, index) => index) }
  const program = (device: Device): readonly Tensor[] => {
    const tensor = toTensor(device, x)
    return [
      slice(tensor, [
        { start: 2, size: 3 },
        { start: 1, step: 3 },
      ]),
      slice(transpose(tensor), [{ start: -2 }]),
    ]
  }
  expect(compare(program)).toBeNull()
})
