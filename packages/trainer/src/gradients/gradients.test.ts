import { moduleValueAndGrad } from '@qkv/nn'
import { ArgumentError, createReferenceBackend, Device, RandomStream } from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clipFactor, globalNorm, GradientSum } from '../index.ts'
import { tinyBatch, tinyLoss, type TinyBatch, TinyModel } from '../tiny-model.test-helper.ts'

describe('globalNorm', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  test.each([
    [1, (all: number[]) => all.reduce((sum, x) => sum + Math.abs(x), 0)],
    [2, (all: number[]) => Math.hypot(...all)],
    [3, (all: number[]) => Math.cbrt(all.reduce((sum, x) => sum + Math.abs(x) ** 3, 0))],
    [Infinity, (all: number[]) => Math.max(...all.map(Math.abs))],
  ])('of order %d is that of one long vector', (order, expected) => {
    const numbers = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 1, maxLength: 4 }), (vectors) => {
        device.scoped(() => {
          const tensors = vectors.map((vector) => device.tensor(Float64Array.from(vector)))
          expect(globalNorm(tensors, { order }).readSync()[0]).toBeCloseTo(expected(vectors.flat()), 9)
        })
      }),
    )
    expect(device.memory().liveBuffers).toBe(0)
  })

  test('needs a tensor and an order', () => {
    expect(() => globalNorm([])).toThrow("globalNorm: 'tensors' is empty")
    expect(() => globalNorm([device.tensor([1])], { order: 0 })).toThrow("globalNorm: 'order' is 0")
  })
})

test('clipFactor scales down only', () => {
  expect(clipFactor(0.5, 1)).toBe(1)
  expect(clipFactor(0, 1)).toBe(1)
  expect(clipFactor(8, 2)).toBeCloseTo(0.25, 6)
})

describe('GradientSum', () => {
  const setUp = (): { device: Device; model: TinyModel } => {
    const device = new Device(createReferenceBackend({ precision: 'float64' }))
    return { device, model: new TinyModel({ device, random: new RandomStream(3) }) }
  }
  /** The rows of several batches as one. */
  const joined = (batches: readonly TinyBatch[]): TinyBatch => ({
    inputs: Int32Array.from(batches.flatMap(({ inputs }) => [...inputs])),
    targets: Int32Array.from(batches.flatMap(({ targets }) => [...targets])),
    shape: [batches.reduce((rows, { shape }) => rows + shape[0], 0), batches[0]!.shape[1]],
  })

  test('over small batches of different token counts is what one large batch gives', async () => {
    const { device, model } = setUp()
    const batches = [0, 1, 2, 3].map((batch) => tinyBatch({ epoch: 0, batch }))
    const counts = batches.map(({ targets }) => targets.filter((id) => id !== 0).length)
    expect(new Set(counts).size).toBeGreaterThan(1)
    const before = device.memory().liveBuffers

    const sum = new GradientSum(model)
    for (const batch of batches) sum.add(() => tinyLoss(batch, model))
    const { loss, norm } = await sum.read()
    sum.scale(1)
    const large = device.scoped(() => {
      const { value, gradients } = moduleValueAndGrad(model, () => tinyLoss(joined(batches), model).loss)
      const plain = new Map([...gradients].map(([path, gradient]) => [path, [...gradient.readSync()]]))
      return { loss: value.readSync()[0]!, gradients: plain }
    })
    expect(sum.tokens).toBe(counts.reduce((total, count) => total + count, 0))
    expect(loss).toBeCloseTo(large.loss, 12)
    expect(norm).toBeCloseTo(Math.hypot(...[...large.gradients.values()].flat()), 12)
    for (const [path, gradient] of sum.gradients) {
      gradient.readSync().forEach((value, index) => {
        expect(value).toBeCloseTo(large.gradients.get(path)![index]!, 12)
      })
    }
    sum.dispose()
    expect(device.memory().liveBuffers).toBe(before)
  })

  test('scales by the factor', async () => {
    const { model } = setUp()
    const sum = new GradientSum(model)
    sum.add(() => tinyLoss(tinyBatch({ epoch: 0, batch: 1 }), model))
    const { norm } = await sum.read()
    sum.scale(clipFactor(norm, norm / 2))
    expect(globalNorm(sum.gradients.values()).readSync()[0]).toBeCloseTo(norm / 2, 5)
  })

  test('refuses batches without tokens, and leaves nothing behind', () => {
    const { device, model } = setUp()
    const before = device.memory().liveBuffers
    const sum = new GradientSum(model)
    const empty = (): unknown =>
      sum.add(() => ({ ...tinyLoss(tinyBatch({ epoch: 0, batch: 1 }), model), tokens: 0 }))
    expect(empty).toThrow(ArgumentError)
    expect(empty).toThrow("lossOf: 'tokens' is 0")
    sum.dispose()
    expect(device.memory().liveBuffers).toBe(before)
  })

  test('does not dispose of a loss that belongs to somebody else', async () => {
    const { model } = setUp()
    const { value: parameter } = model.output.bias!
    const sum = new GradientSum(model)
    expect(() => sum.add(() => ({ loss: parameter, tokens: 1 }))).toThrow('expected a scalar loss')
    sum.dispose()
    expect(parameter.disposed).toBe(false)
  })

  test('needs something to train', () => {
    const { model } = setUp()
    for (const parameter of model.parameters().values()) parameter.trainable = false
    expect(() => new GradientSum(model)).toThrow('TinyModel without trainable parameters')
  })
})
