import {
  argmax,
  cumsum,
  layerNorm,
  layerNormBackwardOp,
  logSoftmax,
  max,
  mean,
  min,
  mul,
  prod,
  rmsNorm,
  rmsNormBackwardOp,
  softmax,
  sum,
  type Tensor,
  topK,
  type Device,
} from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numbers, shapes, viewed, views } from '../testing/arbitraries.ts'
import { compare, compareOp, toTensor } from '../testing/compare.ts'

const filled = shapes({ minRank: 1, minLength: 1 }).chain((shape) => numbers(shape))
const withAxis = filled.chain((x) => fc.tuple(fc.constant(x), fc.nat({ max: x.shape.length - 1 })))

/** Of numbers up to 1: those of larger ones leave float32. */
const product: typeof prod = (x, options) => prod(mul(x, 0.25), options)

describe('over any axes, of any layout', () => {
  for (const [name, operation] of Object.entries({ sum, max, min, mean, product })) {
    test(`${name} agrees`, () => {
      const cases = filled.chain((x) =>
        fc.tuple(fc.constant(x), fc.subarray(x.shape.map((_, axis) => axis)), views, fc.boolean()),
      )
      fc.assert(
        fc.property(cases, ([x, axis, view, keepAxes]) => {
          const program = (device: Device): readonly Tensor[] => [
            operation(viewed(toTensor(device, x), view), { axis, keepAxes }),
          ]
          expect(compare(program)).toBeNull()
        }),
      )
    })
  }
})

describe('along one axis', () => {
  const operations: Readonly<Record<string, (x: Tensor, axis: number) => readonly Tensor[]>> = {
    softmax: (x, axis) => [softmax(x, { axis })],
    logSoftmax: (x, axis) => [logSoftmax(x, { axis })],
    cumsum: (x, axis) => [cumsum(x, { axis }), cumsum(x, { axis, reverse: true })],
    argmax: (x, axis) => [argmax(x, { axis })],
    topK: (x, axis) => {
      const { values, indices } = topK(x, { axis, k: Math.ceil(x.shape[axis]! / 2) })
      return [values, indices]
    },
  }
  for (const [name, operation] of Object.entries(operations)) {
    test(`${name} agrees`, () => {
      fc.assert(
        fc.property(withAxis, ([x, axis]) => {
          expect(compare((device) => operation(toTensor(device, x), axis))).toBeNull()
        }),
      )
    })
  }

  test('NaN, infinities and ties', () => {
    const x = { shape: [4, 5], values: [NaN, 1, 2, Infinity, -Infinity, 3, 3, 3, 0, -1, NaN] }
    const program = (device: Device): readonly Tensor[] => {
      const tensor = toTensor(device, x)
      return [
        max(tensor, { axis: 1 }),
        sum(tensor, { axis: 0 }),
        softmax(tensor),
        logSoftmax(tensor),
        argmax(tensor, { axis: 1 }),
        ...Object.values(topK(tensor, { k: 4 })),
      ]
    }
    expect(compare(program)).toBeNull()
  })

  test('softmax of large logits', () => {
    const x = { shape: [2, 6], values: [1e4, 9999, -1e4, 88, 1e30, -1e30, 0.5] }
    expect(compare((device) => [softmax(toTensor(device, x))])).toBeNull()
  })
})

describe('norms', () => {
  const rows = fc
    .tuple(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }), fc.integer({ min: 1, max: 19 }))
    .chain(([lead, width]) =>
      fc.tuple(
        numbers([...lead, width]),
        numbers([...lead, width]),
        numbers([...lead, 1]),
        numbers([width]),
        numbers([width]),
      ),
    )

  test('layerNorm and rmsNorm', () => {
    fc.assert(
      fc.property(rows, fc.boolean(), ([x, , , weight, bias], scaled) => {
        const program = (device: Device): readonly Tensor[] => {
          const tensor = toTensor(device, x)
          if (!scaled) return [layerNorm(tensor, { epsilon: 1e-3 }), rmsNorm(tensor, { epsilon: 1e-3 })]
          const scale = toTensor(device, weight)
          return [
            layerNorm(tensor, { weight: scale, bias: toTensor(device, bias), epsilon: 1e-3 }),
            layerNorm(tensor, { weight: scale, epsilon: 1e-3 }),
            rmsNorm(tensor, { weight: scale, epsilon: 1e-3 }),
          ]
        }
        expect(compare(program, 1e-5)).toBeNull()
      }),
    )
  })

  test('their gradients', () => {
    fc.assert(
      fc.property(rows, fc.boolean(), ([x, gradient, statistic, weight], scaled) => {
        const scales = scaled ? [weight] : []
        // The statistics are made up: what is subtracted goes up to 2^16, and float32 has 2^-24 of that.
        const tolerance = { none: 2e-6, simd: 4e-3 }
        const inputs = [x, statistic, statistic, gradient, ...scales]
        expect(compareOp(layerNormBackwardOp, inputs, {}, [], tolerance)).toBeNull()
        const squareInputs = [x, statistic, gradient, ...scales]
        expect(compareOp(rmsNormBackwardOp, squareInputs, {}, [], tolerance)).toBeNull()
      }),
    )
  })

  test('a mean far from zero does not drown the variance', () => {
    const x = { shape: [3, 64], values: [1000.125, 1000.25, 999.5, 1000.75, 1001] }
    expect(compare((device) => [layerNorm(toTensor(device, x))])).toBeNull()
  })
})
