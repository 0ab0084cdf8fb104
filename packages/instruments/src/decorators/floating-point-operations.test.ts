import { Device, matmul, mul, randomUniform, sum, attention, transpose, valueAndGrad } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createNullBackend } from '../null-backend/null-backend.ts'
import { count } from './count.ts'

/** Operations of a forward and a backward pass of attention, once as one op and once written out as products. */
function operations(fused: boolean): number {
  const backend = count(createNullBackend())
  const device = new Device(backend)
  const draw = (shape: readonly number[]): ReturnType<typeof mul> =>
    mul(randomUniform(device, shape, { key: [1, 2] }), 1)
  const query = draw([2, 3, 4, 5])
  const key = draw([2, 3, 6, 5])
  const value = draw([2, 3, 6, 7])
  valueAndGrad(
    () =>
      sum(
        fused
          ? attention(query, key, value, { mask: { kind: 'all' } }).output
          : matmul(matmul(query, transpose(key)), value),
      ),
    [query, key, value],
  )
  return backend.count.report().floatingPointOperations
}

test('the backward pass of attention is the products of its gradient and the scores once more', () => {
  const scores = 2 * (2 * 3 * 4 * 6) * 5
  expect(operations(true)).toBe(operations(false) + scores)
})
