import { createReferenceBackend, Device } from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keysByOffset, offsetCount, offsetsByKey } from './by-offset.ts'

const device = new Device(createReferenceBackend())
const sizes = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))

test('each key gets the number of its offset from the query', () => {
  fc.assert(
    fc.property(sizes, ([queries, keys]) => {
      const offsets = offsetCount(queries, keys)
      // Entry, query and offset can be read off each number; offsets begin at that of the last query and the first key.
      const numbers = [0, 1].flatMap((entry) =>
        Array.from({ length: queries * offsets }, (_, at) => {
          const query = Math.floor(at / offsets)
          return 10000 * entry + 100 * query + (at % offsets) - (queries - 1)
        }),
      )
      const byOffset = device.tensor(numbers, { shape: [2, queries, offsets] })
      const wanted = [0, 1].flatMap((entry) =>
        Array.from({ length: queries * keys }, (_, at) => {
          const query = Math.floor(at / keys)
          return 10000 * entry + 100 * query + (at % keys) - query
        }),
      )
      expect([...keysByOffset(byOffset, keys).readSync()]).toEqual(wanted)
    }),
  )
})

test('and back, with zeros where no key has the offset', () => {
  fc.assert(
    fc.property(sizes, ([queries, keys]) => {
      const numbers = Array.from({ length: 2 * queries * keys }, (_, at) => at + 1)
      const byKey = device.tensor(numbers, { shape: [2, queries, keys] })
      const byOffset = offsetsByKey(byKey)
      expect(byOffset.shape).toEqual([2, queries, offsetCount(queries, keys)])
      expect([...keysByOffset(byOffset, keys).readSync()]).toEqual(numbers)
      expect([...byOffset.readSync()].filter((number) => number !== 0)).toEqual(numbers)
    }),
  )
})
