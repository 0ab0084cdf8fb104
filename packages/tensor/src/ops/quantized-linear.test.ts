import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { valueAndGrad } from '../autograd/value-and-grad.ts'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { mismatch } from '../conformance/matchers.ts'
import { Device } from '../device.ts'
import { quantizeRows } from '../quantization/quantize-rows.ts'
import type { Tensor } from '../tensor.ts'
import { cast } from './cast.ts'
import { dequantize } from './dequantize.ts'
import { linear } from './linear.ts'
import { quantizedLinear } from './quantized-linear.ts'
import { sum } from './sum.ts'

const device = new Device(createReferenceBackend())

function int8(values: readonly number[], shape: readonly number[]): Tensor {
  return device.tensor(new Int8Array(values), { shape })
}

describe('an int8 tensor', () => {
  test('keeps its type and values', async () => {
    const tensor = int8([-128, 0, 127], [3])
    expect(tensor.dtype).toBe('int8')
    expect(await tensor.read()).toEqual(new Int8Array([-128, 0, 127]))
    expect(await cast(tensor, 'float32').read()).toEqual(new Float32Array([-128, 0, 127]))
    expect(device.tensor([[1], [-2]], { dtype: 'int8' }).dtype).toBe('int8')
  })

  test('holds whole numbers from -128 to 127', () => {
    expect(() => device.tensor([1, 128], { dtype: 'int8' })).toThrow(
      "tensor: 'data' holds 128 at index 1, expected whole numbers from -128 to 127.",
    )
    expect(() => device.tensor(new Float32Array([0.5]), { dtype: 'int8' })).toThrow('holds 0.5 at index 0')
  })

  test('is made with scales, not by a cast', () => {
    const call = (): unknown => Reflect.apply(cast, undefined, [device.tensor([1]), 'int8'])
    expect(call).toThrow("cast: 'dtype' is int8, expected float32, int32 or bool. Use `quantizeRows`")
  })

  test('has no gradient', () => {
    const weight = int8([1, 2], [1, 2])
    expect(() => valueAndGrad(() => sum(dequantize(weight, device.tensor([[1]]))), [weight])).toThrow(
      "valueAndGrad: 'parameter 0' has dtype int8, expected float32.",
    )
  })
})

test('dequantize multiplies each block by its scale', async () => {
  const weight = int8([1, -2, 3, 127, 5, 6, -128, 8], [2, 4])
  const scale = device.tensor([
    [0.5, 2],
    [1, 0.25],
  ])
  expect([...(await dequantize(weight, scale).read())]).toEqual([0.5, -1, 6, 254, 5, 6, -32, 2])
})

test('multiplies by the dequantised rows, and adds the bias', async () => {
  const x = device.tensor([
    [1, 2],
    [-1, 0.5],
  ])
  const weight = int8([10, 20, -30, 40, 0, 1], [3, 2])
  const scale = device.tensor([[0.5], [0.1], [2]])
  const bias = device.tensor([1, 2, 3])
  const wanted = [1 * 5 + 2 * 10 + 1, -3 + 8 + 2, 4 + 3, -5 + 5 + 1, 3 + 2 + 2, 1 + 3]
  const got = await quantizedLinear(x, weight, scale, { bias }).read()
  expect(mismatch(got, wanted, { absolute: 1e-6, relative: 1e-6 })).toBeNull()
  const without = await quantizedLinear(x, weight, scale).read()
  expect(without[0]).toBe(25)
})

test('x, scale and bias have gradients', async () => {
  const x = device.tensor([[1, 2]])
  const scale = device.tensor([[0.5, 3]])
  const bias = device.tensor([7])
  const weight = int8([10, 20], [1, 2])
  const { gradients } = valueAndGrad(() => sum(quantizedLinear(x, weight, scale, { bias })), [x, scale, bias])
  expect(await Promise.all(gradients.map(async (each) => [...(await each.read())]))).toEqual([
    [5, 60],
    [10, 40],
    [1],
  ])
})

test('of quantised rows is near `linear`, within half a scale per product', () => {
  const numbers = (count: number): fc.Arbitrary<number[]> =>
    fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: count, maxLength: count })
  const cases = fc
    .record({
      rows: fc.nat(3),
      out: fc.integer({ min: 1, max: 4 }),
      blocks: fc.integer({ min: 1, max: 3 }),
      blockSize: fc.integer({ min: 1, max: 5 }),
    })
    .chain(({ rows, out, blocks, blockSize }) =>
      fc.record({
        shapes: fc.constant({ x: [rows, blocks * blockSize], weight: [out, blocks * blockSize], blockSize }),
        x: numbers(rows * blocks * blockSize),
        values: numbers(out * blocks * blockSize),
      }),
    )
  const truth = new Device(createReferenceBackend({ precision: 'float64' }))
  fc.assert(
    fc.property(cases, ({ shapes, x, values }) => {
      truth.scoped(() => {
        const { weight, scale, blocks } = quantizeRows(values, shapes.weight, { blockSize: shapes.blockSize })
        const [out, inner] = shapes.weight as [number, number]
        const input = truth.tensor(new Float64Array(x), { shape: shapes.x })
        const got = quantizedLinear(
          input,
          truth.tensor(weight, { shape: shapes.weight }),
          truth.tensor(scale, { shape: [out, blocks] }),
        ).readSync()
        const wanted = linear(
          input,
          truth.tensor(new Float64Array(values), { shape: shapes.weight }),
        ).readSync()
        for (const [index, value] of got.entries()) {
          const row = Math.floor(index / out)
          let allowed = 1e-9
          for (let column = 0; column < inner; column++) {
            const step = scale[(index % out) * blocks + Math.floor(column / shapes.blockSize)]!
            allowed += Math.abs(x[row * inner + column]!) * step * 0.5001
          }
          expect(Math.abs(value - wanted[index]!)).toBeLessThanOrEqual(allowed)
        }
      })
    }),
    { numRuns: 200 },
  )
})

describe('inputs that do not belong together are refused', () => {
  const x = device.tensor([[1, 2, 3, 4]])
  const weight = int8([1, 2, 3, 4, 5, 6, 7, 8], [2, 4])
  const scale = device.tensor([[1], [2]])

  test.each([
    [
      () => quantizedLinear(x, x, scale),
      "quantizedLinear: 'weight' has dtype float32, expected int8. Quantise it with",
    ],
    [() => quantizedLinear(weight, weight, scale), "quantizedLinear: 'x' has dtype int8, expected float32"],
    [() => quantizedLinear(x, weight, weight), "quantizedLinear: 'scale' has dtype int8, expected float32"],
    [
      () => quantizedLinear(x, weight, device.tensor([1, 2])),
      "quantizedLinear: 'scale' has shape [2], expected [2, blocks], where blocks divides the last axis of 'weight' [2, 4].",
    ],
    [() => quantizedLinear(x, weight, device.tensor([[1, 2, 3]])), "'scale' has shape [1, 3]"],
    [
      () =>
        dequantize(
          weight,
          device.tensor([
            [1, 2, 3],
            [4, 5, 6],
          ]),
        ),
      "dequantize: 'scale' has shape [2, 3]",
    ],
    [
      () => dequantize(int8([1], [1]), device.tensor([[1]])),
      "dequantize: 'weight' has shape [1], expected [rows, inner]",
    ],
    [
      () => quantizedLinear(device.tensor([[1, 2]]), weight, scale),
      "quantizedLinear: 'x' has shape [1, 2], expected [..., 4]: its last axis must equal that of 'weight' [2, 4].",
    ],
    [
      () => quantizedLinear(x, weight, scale, { bias: device.tensor([1]) }),
      "quantizedLinear: 'bias' has shape [1], expected [2], one number per row of 'weight' [2, 4].",
    ],
  ])('%#', (call, message) => {
    expect(call).toThrow(message)
  })
})
