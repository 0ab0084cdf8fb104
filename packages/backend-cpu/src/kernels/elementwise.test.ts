import {
  abs,
  add,
  broadcastTo,
  cast,
  ceil,
  cos,
  div,
  equal,
  expm1,
  floor,
  less,
  lessEqual,
  log,
  log1p,
  logicalAnd,
  logicalNot,
  logicalOr,
  maximum,
  minimum,
  mul,
  neg,
  notEqual,
  pow,
  reciprocal,
  relu,
  round,
  rsqrt,
  sign,
  sin,
  sqrt,
  square,
  sub,
  transpose,
  where,
  type Device,
  Device as DeviceClass,
  type Tensor,
} from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCpuBackend } from '../index.ts'
import { numbers, shapes, viewed, views } from '../testing/arbitraries.ts'
import { builds, compare, type Numbers, toTensor } from '../testing/compare.ts'

const binary = { add, sub, mul, maximum, minimum, less, lessEqual, equal, notEqual } as const
const unary = { neg, abs, square, sign, floor, ceil, round, relu } as const
/** What has limits, and digits to lose: of numbers from 1/4 to 17/4. */
const positive = { sqrt, rsqrt, reciprocal, log, log1p, expm1, sin, cos } as const

/** A shape, and which of its axes each of two operands broadcasts. */
const broadcasts = shapes().chain((shape) =>
  fc.tuple(
    fc.constant(shape),
    ...[0, 1].map(() =>
      fc
        .tuple(
          fc.integer({ min: 0, max: shape.length }),
          fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        )
        .chain(([skip, repeated]) =>
          numbers(shape.slice(skip).map((length, axis) => (repeated[axis] ? 1 : length))),
        ),
    ),
  ),
)

function awayFromZero(device: Device, { shape, values }: Numbers): Tensor {
  return toTensor(device, { shape, values: values.map((value) => Math.abs(value) + 0.25) })
}

describe('broadcast operands', () => {
  for (const [name, operation] of Object.entries(binary)) {
    test(`${name} agrees`, () => {
      fc.assert(
        fc.property(broadcasts, ([, a, b]) => {
          expect(compare((device) => [operation(toTensor(device, a!), toTensor(device, b!))])).toBeNull()
        }),
      )
    })
  }
})

describe('strided operands', () => {
  const operands = fc.tuple(
    shapes().chain((shape) => fc.tuple(numbers(shape), numbers(shape))),
    views,
  )
  for (const [name, operation] of Object.entries(binary)) {
    test(`${name} agrees`, () => {
      fc.assert(
        fc.property(operands, ([[a, b], view]) => {
          const program = (device: Device): readonly Tensor[] => [
            operation(viewed(toTensor(device, a), view), viewed(toTensor(device, b), view)),
          ]
          expect(compare(program)).toBeNull()
        }),
      )
    })
  }

  for (const [name, operation] of Object.entries(unary)) {
    test(`${name} agrees`, () => {
      fc.assert(
        fc.property(operands, ([[x], view]) => {
          expect(compare((device) => [operation(viewed(toTensor(device, x), view))])).toBeNull()
        }),
      )
    })
  }

  for (const [name, operation] of Object.entries(positive)) {
    test(`${name} agrees`, () => {
      fc.assert(
        fc.property(operands, ([[x], view]) => {
          const program = (device: Device): readonly Tensor[] => [
            operation(viewed(awayFromZero(device, x), view)),
          ]
          expect(compare(program)).toBeNull()
        }),
      )
    })
  }

  test('div and pow', () => {
    fc.assert(
      fc.property(operands, ([[a, b], view]) => {
        const program = (device: Device): readonly Tensor[] => {
          const [x, base] = [viewed(toTensor(device, a), view), viewed(awayFromZero(device, b), view)]
          return [div(x, base), pow(base, x)]
        }
        expect(compare(program)).toBeNull()
      }),
    )
  })

  test('whole numbers and conditions', () => {
    fc.assert(
      fc.property(operands, ([[a, b], view]) => {
        const program = (device: Device): readonly Tensor[] => {
          const floats = [a, b].map((operand) => viewed(mul(toTensor(device, operand), 1024), view))
          const [x, y] = floats.map((each) => cast(each, 'int32')) as [Tensor, Tensor]
          const [left, right] = [less(x, y), lessEqual(y, x)]
          return [
            ...[add, sub, mul, maximum, minimum, notEqual].map((operation) => operation(x, y)),
            ...[neg, abs, square, sign].map((operation) => operation(x)),
            ...[logicalAnd, logicalOr, equal, notEqual].map((operation) => operation(left, right)),
            logicalNot(left),
          ]
        }
        expect(compare(program)).toBeNull()
      }),
    )
  })

  test('where', () => {
    fc.assert(
      fc.property(operands, ([[a, b], view]) => {
        const program = (device: Device): readonly Tensor[] => {
          const [left, right] = [a, b].map((operand) => viewed(toTensor(device, operand), view))
          return [where(less(left!, right!), left!, broadcastTo(device.tensor(0.5), left!.shape))]
        }
        expect(compare(program)).toBeNull()
      }),
    )
  })
})

test.each(builds)('long steps never lead out of the memory: build %s', (simd) => {
  const columns = 1_000_000
  // A fourth row would end after the memory, where the three of `x` and the result just fit in.
  const device = new DeviceClass(createCpuBackend({ simd, threads: 1, memoryLimit: 15.25 * 2 ** 20 }))
  const x = toTensor(device, { shape: [3, columns], values: [1, -2, 0.5] })
  const lower = less(transpose(x), device.tensor(0)).readSync() as Uint8Array
  expect(lower.reduce((sum: number, flag: number) => sum + flag, 0)).toBe(columns)
})

test('special values go through as in the standard', () => {
  const special = { shape: [5], values: [NaN, Infinity, -Infinity, 0, -0] }
  const program = (device: Device): readonly Tensor[] => {
    const x = toTensor(device, special)
    const column = toTensor(device, { ...special, shape: [5, 1] })
    return [relu(x), sqrt(x), neg(x), div(x, column), maximum(x, column), less(x, column), equal(x, column)]
  }
  expect(compare(program)).toBeNull()
})

test('whole numbers compare and choose exactly', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 20 }), fc.integer(), (list, bound) => {
      const program = (device: Device): readonly Tensor[] => {
        const x = device.tensor(Int32Array.from(list))
        const limit = device.tensor(Int32Array.from([bound]))
        return [less(x, limit), equal(x, limit), where(less(x, limit), x, limit)]
      }
      expect(compare(program)).toBeNull()
    }),
  )
})
