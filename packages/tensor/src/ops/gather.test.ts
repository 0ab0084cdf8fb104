import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import { stridesOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { gather } from './gather.ts'
import { scatterAddAlongAxis } from './scatter-add-along-axis.ts'
import { scatterAdd } from './scatter-add.ts'
import { takeAlongAxis } from './take-along-axis.ts'

const device = new Device(createReferenceBackend())

/** Calls `visit` with every index into a shape. */
function forEachIndex(shape: readonly number[], visit: (index: readonly number[]) => void): void {
  const descend = (index: readonly number[]): void => {
    if (index.length === shape.length) visit(index)
    else for (let value = 0; value < shape[index.length]!; value++) descend([...index, value])
  }
  descend([])
}

/** Reads one element by its index. */
function reader(x: Tensor): (index: readonly number[]) => number {
  const values = x.readSync()
  const strides = stridesOf(x.shape)
  return (index) => values[index.reduce((sum, value, axis) => sum + value * strides[axis]!, 0)]!
}

function counting(shape: readonly number[]): Tensor {
  return device.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => index + 1),
    { shape },
  )
}

const shapes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 })

/** A shape, one of its axes, and indices into that axis of any shape. */
const whole = shapes.chain((shape) =>
  fc.nat(shape.length - 1).chain((axis) =>
    fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }).chain((indexShape) => {
      const length = indexShape.reduce((a, b) => a * b, 1)
      const index = fc.array(fc.nat(shape[axis]! - 1), { minLength: length, maxLength: length })
      return fc.record({
        shape: fc.constant(shape),
        axis: fc.constant(axis),
        indexShape: fc.constant(indexShape),
        index,
      })
    }),
  ),
)

/** A shape, one of its axes, and indices of the same rank. */
const along = shapes.chain((shape) =>
  fc.nat(shape.length - 1).chain((axis) =>
    fc
      .tuple(...shape.map((length, other) => fc.integer({ min: 1, max: other === axis ? 4 : length })))
      .chain((indexShape) => {
        const length = indexShape.reduce((a, b) => a * b, 1)
        const index = fc.array(fc.nat(shape[axis]! - 1), { minLength: length, maxLength: length })
        return fc.record({
          shape: fc.constant(shape),
          axis: fc.constant(axis),
          indexShape: fc.constant(indexShape),
          index,
        })
      }),
  ),
)

describe('gather and scatterAdd', () => {
  test('equal the loops of their definition', () => {
    fc.assert(
      fc.property(whole, ({ shape, axis, indexShape, index }) => {
        device.scoped(() => {
          const x = counting(shape)
          const indices = device.tensor(Int32Array.from(index), { shape: indexShape })
          const result = gather(x, indices, { axis })
          const [readX, readIndex, readResult] = [reader(x), reader(indices), reader(result)]
          const updates = counting(result.shape)
          const scattered = scatterAdd(updates, indices, { axis, length: shape[axis]! })
          expect(scattered.shape).toEqual(shape)
          const [readUpdates, readScattered] = [reader(updates), reader(scattered)]
          const totals = new Map<string, number>()
          forEachIndex(result.shape, (place) => {
            const chosen = readIndex(place.slice(axis, axis + indexShape.length))
            const source = [...place.slice(0, axis), chosen, ...place.slice(axis + indexShape.length)]
            expect(readResult(place)).toBe(readX(source))
            totals.set(source.join(), (totals.get(source.join()) ?? 0) + readUpdates(place))
          })
          forEachIndex(shape, (place) => expect(readScattered(place)).toBe(totals.get(place.join()) ?? 0))
        })
      }),
    )
  })

  test('name the index that is out of range', () => {
    const table = counting([5, 2])
    const tokens = device.tensor(new Int32Array([0, 4, 5, 1]), { shape: [2, 2] })
    expect(() => gather(table, tokens)).toThrow(
      "gather: 'indices' holds 5 at [1, 0], expected indices from 0 to 4",
    )
    const negative = device.tensor(new Int32Array([-1]))
    expect(() => gather(table, negative)).toThrow("'indices' holds -1 at [0]")
    expect(() => scatterAdd(counting([1]), negative, { length: 3 })).toThrow(
      "scatterAdd: 'indices' holds -1 at [0], expected indices from 0 to 2",
    )
  })

  test('take integer indices only', () => {
    expect(() => gather(counting([3]), counting([1]))).toThrow(
      "gather: 'indices' has dtype float32, expected int32",
    )
  })
})

describe('takeAlongAxis and scatterAddAlongAxis', () => {
  test('equal the loops of their definition', () => {
    fc.assert(
      fc.property(along, ({ shape, axis, indexShape, index }) => {
        device.scoped(() => {
          const x = counting(shape)
          const indices = device.tensor(Int32Array.from(index), { shape: indexShape })
          const updates = counting(indexShape)
          const readTaken = reader(takeAlongAxis(x, indices, { axis }))
          const readScattered = reader(scatterAddAlongAxis(x, indices, updates, { axis }))
          const [readX, readIndex, readUpdates] = [reader(x), reader(indices), reader(updates)]
          const totals = new Map<string, number>()
          forEachIndex(indexShape, (place) => {
            const source = place.with(axis, readIndex(place))
            expect(readTaken(place)).toBe(readX(source))
            totals.set(source.join(), (totals.get(source.join()) ?? 0) + readUpdates(place))
          })
          forEachIndex(shape, (place) => {
            expect(readScattered(place)).toBe(readX(place) + (totals.get(place.join()) ?? 0))
          })
        })
      }),
    )
  })

  test.each([3, -1])('refuse the index %i rather than read another row', (outside) => {
    const indices = device.tensor(Int32Array.from([outside, 0]), { shape: [2, 1] })
    expect(() => takeAlongAxis(counting([2, 3]), indices)).toThrow("'indices' holds -1")
    expect(() => scatterAddAlongAxis(counting([2, 3]), indices, counting([2, 1]))).toThrow(
      "'indices' holds -1",
    )
  })

  test('need indices of the same rank', () => {
    const indices = device.tensor(new Int32Array([0]))
    expect(() => takeAlongAxis(counting([2, 3]), indices)).toThrow(
      "takeAlongAxis: 'indices' has shape [1], expected as many axes as [2, 3], none longer except axis 1",
    )
  })
})
