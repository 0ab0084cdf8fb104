import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import { argmax } from '../ops/argmax.ts'
import { add } from '../ops/add.ts'
import { cast } from '../ops/cast.ts'
import { exp } from '../ops/exp.ts'
import { matmul } from '../ops/matmul.ts'
import { mul } from '../ops/mul.ts'
import { reshape } from '../ops/reshape.ts'
import { sin } from '../ops/sin.ts'
import { stopGradient } from '../ops/stop-gradient.ts'
import { sub } from '../ops/sub.ts'
import { sum } from '../ops/sum.ts'
import { valueAndGrad } from './value-and-grad.ts'

function open(): Device {
  return new Device(createReferenceBackend({ precision: 'float64' }))
}

test('the gradient of a reused tensor adds up over its uses', () => {
  const device = open()
  const x = device.tensor([0.5, -1])
  const { value, gradients } = valueAndGrad(() => sum(sub(add(mul(x, x), mul(x, exp(x))), x)), [x])
  for (const [index, v] of [0.5, -1].entries()) {
    expect(gradients[0]!.readSync()[index]).toBeCloseTo(2 * v + Math.exp(v) * (1 + v) - 1, 12)
  }
  expect(value.shape).toEqual([])
})

test('the matrix product has the gradients of its formula', () => {
  const device = open()
  const a = device.tensor([
    [1, 2],
    [3, 4],
  ])
  const b = device.tensor([
    [5, 6, 7],
    [8, 9, 10],
  ])
  const { gradients } = valueAndGrad(() => sum(matmul(a, b)), [a, b])
  expect([...gradients[0]!.readSync()]).toEqual([18, 27, 18, 27])
  expect([...gradients[1]!.readSync()]).toEqual([4, 4, 4, 6, 6, 6])
})

test('swapped operands get swapped gradients', () => {
  const device = open()
  const a = device.tensor([3])
  const b = device.tensor([5])
  const { gradients } = valueAndGrad(() => sum(sub(mul(a, 2), mul(b, 7))), [b, a])
  expect(gradients.map((gradient) => gradient.readSync()[0])).toEqual([-7, 2])
})

test('a parameter that the loss does not use has a gradient of zeros; one given twice has the same twice', () => {
  const device = open()
  const a = device.tensor([1, 2])
  const b = device.tensor([3])
  const { gradients } = valueAndGrad(() => sum(mul(a, a)), [a, b, a])
  expect(gradients.map((gradient) => [...gradient.readSync()])).toEqual([[2, 4], [0], [2, 4]])
})

test('only value and gradients outlive the call', () => {
  const device = open()
  const x = device.tensor([1, 2, 3])
  device.scoped(() => {
    valueAndGrad(() => sum(sin(mul(exp(x), x))), [x])
    expect(device.memory().liveBuffers).toBe(3)
  })
  expect(device.memory().liveBuffers).toBe(1)
})

test('an exception frees the tape, forward and backward', () => {
  const device = open()
  const x = device.tensor([1, 2])
  const failing = (): never => {
    throw new Error('stop')
  }
  expect(() => valueAndGrad(() => (exp(mul(x, x)), failing()), [x])).toThrow('stop')
  const cut = { ...failingGradient, name: 'test/cut' }
  expect(() => valueAndGrad(() => sum(exp(device.applySingle(cut, [exp(x)], {}))), [x])).toThrow(
    'no gradient here',
  )
  expect(device.memory().liveBuffers).toBe(1)
  expect(device.recording).toBe(false)
  expect([...valueAndGrad(() => sum(mul(x, x)), [x]).gradients[0]!.readSync()]).toEqual([2, 4])
})

const failingGradient = {
  name: 'test/failing',
  kind: 'view',
  infer: ([x]: readonly { shape: readonly number[]; dtype: 'float32' }[]) => [x!],
  relayout: (layout: { strides: readonly number[]; offset: number }) => layout,
  vjp: () => {
    throw new Error('no gradient here')
  },
  samples: [],
} as const

describe('derivatives of derivatives', () => {
  test('of x³ are 3x², 6x and 6', () => {
    const device = open()
    const x = device.tensor(2)
    const cube = () => mul(mul(x, x), x)
    const first = () => valueAndGrad(cube, [x]).gradients[0]!
    const second = () => valueAndGrad(first, [x]).gradients[0]!
    const third = () => valueAndGrad(second, [x]).gradients[0]!
    expect([first(), second(), third()].map((tensor) => tensor.readSync()[0])).toEqual([12, 12, 6])
    device.scoped(() => third())
  })

  test('a gradient penalty reaches the weights', () => {
    const device = open()
    const x = device.tensor([0.3, -0.7])
    const weight = device.tensor([1.5, 0.5])
    const penalty = () => {
      const { gradients } = valueAndGrad(() => sum(sin(mul(weight, x))), [x])
      return sum(mul(gradients[0]!, gradients[0]!))
    }
    const { gradients } = valueAndGrad(penalty, [weight])
    for (const [index, [v, w]] of [
      [0.3, 1.5],
      [-0.7, 0.5],
    ].entries()) {
      const slope = (w: number): number => (w * Math.cos(w * v!)) ** 2
      const difference = (slope(w! + 1e-6) - slope(w! - 1e-6)) / 2e-6
      expect(gradients[0]!.readSync()[index]).toBeCloseTo(difference, 6)
    }
  })
})

test('gradients are linear in the loss', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 4, maxLength: 4 }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      (values, factor) => {
        const device = open()
        const x = device.tensor(values, { shape: [2, 2] })
        const f = () => sum(sin(matmul(x, x)))
        const g = () => sum(exp(mul(x, 0.3)))
        const of = (loss: () => ReturnType<typeof f>) => valueAndGrad(loss, [x]).gradients[0]!.readSync()
        const [left, right] = [of(f), of(g)]
        const both = of(() => add(mul(f(), factor), g()))
        both.forEach((value, index) => expect(value).toBeCloseTo(left[index]! * factor + right[index]!, 9))
      },
    ),
    { numRuns: 30 },
  )
})

describe('errors', () => {
  test('a loss that is not a scalar', () => {
    const x = open().tensor([1, 2])
    expect(() => valueAndGrad(() => mul(x, x), [x])).toThrow('Reduce it with `mean(loss)` or `sum(loss)`')
  })

  test('integers have no gradient', () => {
    const x = open().tensor(new Int32Array([1]))
    expect(() => valueAndGrad(() => sum(cast(x, 'float32')), [x])).toThrow('has dtype int32')
  })

  test('no parameters', () => {
    expect(() => valueAndGrad(() => open().tensor(1), [])).toThrow("'parameters' is empty")
  })
})

test('no gradient passes a stop, or an index', () => {
  const device = open()
  const x = device.tensor([1, 3, 2])
  const loss = () => sum(mul(x, add(stopGradient(x), cast(reshape(argmax(x, { axis: 0 }), [1]), 'float32'))))
  expect([...valueAndGrad(loss, [x]).gradients[0]!.readSync()]).toEqual([2, 4, 3])
})
