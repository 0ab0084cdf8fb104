import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import { argmax } from './argmax.ts'
import { argmin } from './argmin.ts'
import { sort } from './sort.ts'
import { topK } from './top-k.ts'

const device = new Device(createReferenceBackend())
// Few different numbers, so that there are ties; no -0, which equals 0 but reads differently.
const lists = fc.array(fc.constantFrom(-2, -1, 0, 1, 2, Infinity, -Infinity), {
  minLength: 1,
  maxLength: 8,
})

/** Stable orders, by inserting one number after the other. */
function insertionOrder(list: readonly number[], before: (a: number, b: number) => boolean): number[] {
  const order: number[] = []
  for (const [index, value] of list.entries()) {
    const place = order.findIndex((other) => before(value, list[other]!))
    order.splice(place < 0 ? order.length : place, 0, index)
  }
  return order
}

describe('sort, topK, argmax and argmin', () => {
  test('keep equal elements in order', () => {
    fc.assert(
      fc.property(lists, (list) => {
        device.scoped(() => {
          const x = device.tensor(list)
          const rising = insertionOrder(list, (a, b) => a < b)
          const falling = insertionOrder(list, (a, b) => a > b)
          const ascending = sort(x)
          expect([...ascending.indices.readSync()]).toEqual(rising)
          expect([...ascending.values.readSync()]).toEqual(rising.map((index) => list[index]))
          const descending = sort(x, { descending: true })
          expect([...descending.indices.readSync()]).toEqual(falling)
          const k = Math.ceil(list.length / 2)
          const largest = topK(x, { k })
          expect([...largest.indices.readSync()]).toEqual(falling.slice(0, k))
          expect([...largest.values.readSync()]).toEqual(falling.slice(0, k).map((index) => list[index]))
          expect(argmax(x).readSync()[0]).toBe(falling[0])
          expect(argmin(x).readSync()[0]).toBe(rising[0])
        })
      }),
    )
  })

  test('count NaN as largest when sorting, and find it first', () => {
    const x = device.tensor([1, NaN, 3, NaN])
    expect([...sort(x).values.readSync()]).toEqual([1, 3, NaN, NaN])
    expect([...sort(x, { descending: true }).indices.readSync()]).toEqual([1, 3, 2, 0])
    expect(argmax(x).readSync()[0]).toBe(1)
    expect(argmin(x).readSync()[0]).toBe(1)
  })

  test('find the least of all integers', () => {
    const x = device.tensor(new Int32Array([5, -(2 ** 31), 2 ** 31 - 1]))
    expect(argmin(x).readSync()[0]).toBe(1)
    expect([...sort(x).indices.readSync()]).toEqual([1, 0, 2])
  })

  test('work along any axis, and over the flattened tensor', () => {
    const x = device.tensor([
      [1, 9, 3],
      [7, 5, 8],
    ])
    expect([...argmax(x, { axis: 0 }).readSync()]).toEqual([1, 0, 1])
    expect(argmax(x, { axis: 1, keepAxes: true }).shape).toEqual([2, 1])
    expect([...argmax(x).readSync()]).toEqual([1])
    expect(argmax(x, { keepAxes: true }).shape).toEqual([1, 1])
    expect([...topK(x, { k: 1, axis: 0 }).values.readSync()]).toEqual([7, 9, 8])
  })

  test('refuse what cannot be', () => {
    expect(() => topK(device.tensor([1, 2]), { k: 3 })).toThrow(
      "topK: 'k' is 3, expected a whole number from 0 to 2",
    )
    expect(() => argmax(device.tensor([]))).toThrow('empty along axis 0')
  })
})
