import { endianness } from 'node:os'
import { expect, it } from 'vitest'
import { HOST_IS_LITTLE_ENDIAN, swapByteOrder } from './byte-order.ts'

it('knows the byte order of this machine', () => {
  expect(HOST_IS_LITTLE_ENDIAN).toBe(endianness() === 'LE')
})

it('reverses each element and keeps their order', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  swapByteOrder(bytes, 4)
  expect([...bytes]).toEqual([4, 3, 2, 1, 8, 7, 6, 5])
  swapByteOrder(bytes, 1)
  expect([...bytes]).toEqual([4, 3, 2, 1, 8, 7, 6, 5])
})
