import {
  attention,
  Device,
  linear,
  matmul,
  mul,
  randomUniform,
  sum,
  transpose,
  valueAndGrad,
  zeros,
} from '@qkv/tensor'
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

test('the backward pass of an affine map is one product for each gradient that is a matrix', () => {
  const backend = count(createNullBackend())
  const device = new Device(backend)
  const x = zeros(device, [2, 3, 4])
  const weight = zeros(device, [5, 4])
  const bias = zeros(device, [5])
  const product = 2 * (2 * 3) * 4 * 5
  const total = (): number => backend.count.report().floatingPointOperations
  valueAndGrad(() => sum(linear(x, weight, bias)), [x, weight, bias])
  expect(total()).toBe(3 * product)
  valueAndGrad(() => sum(linear(x, weight, bias)), [weight, bias])
  expect(total()).toBe(5 * product)
})
