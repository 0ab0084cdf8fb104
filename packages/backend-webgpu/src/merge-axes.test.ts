import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeAxes } from './merge-axes.ts'

/** Where the elements of a walk lie, in order. */
function places(shape: readonly number[], strides: readonly number[]): readonly number[] {
  return shape.reduce(
    (starts, length, axis) =>
      starts.flatMap((start) => Array.from({ length }, (_, index) => start + index * strides[axis]!)),
    [0],
  )
}

test('merged axes walk the same elements in the same order', () => {
  const axes = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: -3, max: 6 })), {
    maxLength: 5,
  })
  fc.assert(
    fc.property(axes, (axes) => {
      const shape = axes.map(([length]) => length)
      const strides = axes.map(([, stride]) => stride)
      const merged = mergeAxes(shape, [strides])
      expect(places(merged.shape, merged.strides[0]!)).toEqual(places(shape, strides))
    }),
  )
  expect(mergeAxes([2, 3, 1, 4], [[12, 4, 9, 1]])).toEqual({ shape: [24], strides: [[1]] })
  expect(mergeAxes([], [[]])).toEqual({ shape: [], strides: [[]] })
})
