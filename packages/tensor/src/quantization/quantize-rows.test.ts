import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ArgumentError } from '../errors/argument-error.ts'
import { ShapeError } from '../errors/shape-error.ts'
import { quantizeRows } from './quantize-rows.ts'

describe('a row', () => {
  test('is scaled so that its largest absolute value is 127', () => {
    const { weight, scale, blocks } = quantizeRows([1, -2.54, 0.04, 0.5, 0, 0.25], [2, 3])
    expect([...scale]).toEqual([Math.fround(0.02), Math.fround(0.5 / 127)])
    expect([...weight]).toEqual([50, -127, 2, 127, 0, 64])
    expect(blocks).toBe(1)
  })

  test('of two equally near numbers gets the even one', () => {
    const values = [127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 3.4999, 3.5001]
    expect([...quantizeRows(values, [1, 9]).weight]).toEqual([127, 0, 2, 2, 0, -2, -2, 3, 4])
  })

  test('of zeros, and of numbers too small for a scale, is zeros', () => {
    for (const values of [
      [0, 0, -0],
      [1e-45, 0, -1e-45],
    ]) {
      const { weight, scale } = quantizeRows(values, [1, 3])
      expect([...weight]).toEqual([0, 0, 0])
      expect([...scale]).toEqual([1])
    }
  })
})

describe('blocks', () => {
  test('have a scale each, in the order of the columns', () => {
    const values = [1.27, 0, 12.7, -0.1, 127, 63.5, -2.54, 1.27]
    const { weight, scale, blocks } = quantizeRows(values, [2, 4], { blockSize: 2 })
    expect(blocks).toBe(2)
    expect([...scale]).toEqual([0.01, 0.1, 1, 0.02].map((each) => Math.fround(each)))
    expect([...weight]).toEqual([127, 0, 127, -1, 127, 64, -127, 64])
  })

  test('that cover the row are the row', () => {
    const values = [1, 2, 3, 4, 5, 6]
    expect(quantizeRows(values, [2, 3], { blockSize: 3 })).toEqual(quantizeRows(values, [2, 3]))
    expect(quantizeRows(values, [2, 3], { blockSize: 64 })).toEqual(quantizeRows(values, [2, 3]))
  })
})

const matrices = fc
  .record({
    rows: fc.nat(4),
    blocks: fc.integer({ min: 1, max: 3 }),
    blockSize: fc.integer({ min: 1, max: 6 }),
  })
  .chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      values: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
        minLength: sizes.rows * sizes.blocks * sizes.blockSize,
        maxLength: sizes.rows * sizes.blocks * sizes.blockSize,
      }),
    }),
  )

test('each element is off by at most half a scale, and signs are treated alike', () => {
  fc.assert(
    fc.property(matrices, ({ sizes: { rows, blocks, blockSize }, values }) => {
      const shape = [rows, blocks * blockSize]
      const { weight, scale } = quantizeRows(values, shape, { blockSize })
      const negated = quantizeRows(
        values.map((value) => -value),
        shape,
        { blockSize },
      )
      expect(negated.scale).toEqual(scale)
      for (const [index, value] of values.entries()) {
        const step = scale[Math.floor(index / blockSize)]!
        expect(step).toBeGreaterThan(0)
        expect(Math.abs(weight[index]!)).toBeLessThanOrEqual(127)
        // Numbers near 1e-44 are multiples of 1.4e-45, and so is their scale.
        const allowed = step * (0.5 + 127 * 2 ** -24) + 127 * 2 ** -150
        expect(Math.abs(value - weight[index]! * step)).toBeLessThanOrEqual(allowed)
        expect(negated.weight[index]! + weight[index]!).toBe(0)
      }
    }),
    { numRuns: 500 },
  )
})

describe('what cannot be quantised is refused', () => {
  test.each([Number.NaN, Infinity, -Infinity])('%d, with its place', (value) => {
    expect(() => quantizeRows([0, 1, 2, value], [2, 2])).toThrow(
      `quantizeRows: 'values' hold ${value} in row 1, column 1, expected finite numbers.`,
    )
  })

  test('a block size that does not divide the row', () => {
    const call = (): unknown => quantizeRows([1, 2, 3], [1, 3], { blockSize: 2 })
    expect(call).toThrow(ArgumentError)
    expect(call).toThrow("quantizeRows: 'blockSize' is 2, expected a divisor of the 3 columns.")
  })

  test.each([0, -1, 1.5, Number.NaN])('the block size %d', (blockSize) => {
    expect(() => quantizeRows([1], [1, 1], { blockSize })).toThrow(
      `quantizeRows: 'blockSize' is ${blockSize}, expected a positive whole number of columns.`,
    )
  })

  test.each([[[3]], [[2, 2]], [[1, 1, 3]]])('the shape %j of three values', (shape) => {
    expect(() => quantizeRows([1, 2, 3], shape)).toThrow(ShapeError)
  })
})
