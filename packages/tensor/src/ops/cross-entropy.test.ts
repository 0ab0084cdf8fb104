import { describe, expect, test } from 'vitest'
import { valueAndGrad } from '../autograd/value-and-grad.ts'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { mismatch } from '../conformance/matchers.ts'
import { Device } from '../device.ts'
import { ArgumentError } from '../errors/argument-error.ts'
import { crossEntropy } from './cross-entropy.ts'
import { ones, zeros } from './full.ts'
import { softCrossEntropy } from './soft-cross-entropy.ts'
import { sum } from './sum.ts'
import { transpose } from './transpose.ts'

const device = new Device(createReferenceBackend())
const close = { absolute: 1e-6, relative: 1e-5 }

const rows = [
  [0.5, -1, 2],
  [3, 0, 0.1],
  [-2, 1, 1.5],
  [0, 0, 0],
]
const targets = [2, 0, 1, 2]
const weights = [0.5, 2, 1]

function negativeLogLikelihood(row: readonly number[], target: number): number {
  return Math.log(row.reduce((total, value) => total + Math.exp(value), 0)) - row[target]!
}

/** The definition with class weights and label smoothing, one row at a time; target 0 is ignored. */
function plainLosses(smoothing: number): number[] {
  return rows.map((row, index) => {
    const target = targets[index]!
    if (target === 0) return 0
    const spread = row.reduce(
      (total, _, classIndex) => total + weights[classIndex]! * negativeLogLikelihood(row, classIndex),
      0,
    )
    return (1 - smoothing) * weights[target]! * negativeLogLikelihood(row, target) + (smoothing / 3) * spread
  })
}

describe('crossEntropy', () => {
  test.each([0, 0.2])('weighs classes, with label smoothing %f', (labelSmoothing) => {
    const options = { ignoreIndex: 0, classWeights: device.tensor(weights), labelSmoothing }
    const ids = device.tensor(targets, { dtype: 'int32' })
    const wanted = plainLosses(labelSmoothing)
    const total = wanted.reduce((sum, loss) => sum + loss, 0)
    const counted = targets.reduce((sum, target) => sum + (target === 0 ? 0 : weights[target]!), 0)
    const loss = (reduction: 'none' | 'sum' | 'mean') =>
      crossEntropy(device.tensor(rows), ids, { ...options, reduction }).readSync()
    expect(mismatch(loss('none'), wanted, close)).toBeNull()
    expect(mismatch(loss('sum'), [total], close)).toBeNull()
    expect(mismatch(loss('mean'), [total / counted], close)).toBeNull()
  })

  test('takes the classes along any axis, and targets of any shape', () => {
    const logits = device.tensor([rows.slice(0, 2), rows.slice(2)])
    const ids = device.tensor(
      [
        [2, 0],
        [1, 2],
      ],
      { dtype: 'int32' },
    )
    const wanted = rows.map((row, index) => negativeLogLikelihood(row, targets[index]!))
    const last = crossEntropy(logits, ids, { reduction: 'none' })
    expect(last.shape).toEqual([2, 2])
    expect(mismatch(last.readSync(), wanted, close)).toBeNull()
    const second = crossEntropy(transpose(logits), ids, { reduction: 'none', classAxis: 1 })
    expect(mismatch(second.readSync(), wanted, close)).toBeNull()
  })

  test('ignored rows have no loss and no gradient, whatever their logits', () => {
    const logits = device.tensor([
      [1, 2],
      [NaN, Infinity],
      [0, -1],
    ])
    const ids = device.tensor([0, -100, 1], { dtype: 'int32' })
    const { value, gradients } = valueAndGrad(
      () => crossEntropy(logits, ids, { reduction: 'sum', ignoreIndex: -100 }),
      [logits],
    )
    expect(value.readSync()[0]).toBeCloseTo(2 * Math.log(1 + Math.E), 5)
    expect([...gradients[0]!.readSync()].slice(2, 4)).toEqual([0, 0])
    expect([...gradients[0]!.readSync()].every((number) => Number.isFinite(number))).toBe(true)
  })

  test('the gradient is exact for logits so large that their logSumExp is rounded', () => {
    const logits = device.tensor([[1e6, 1e6, 1e6 - 1]])
    const ids = device.tensor([0], { dtype: 'int32' })
    const { gradients } = valueAndGrad(() => crossEntropy(logits, ids), [logits])
    const total = 2 + Math.exp(-1)
    const wanted = [1 / total - 1, 1 / total, Math.exp(-1) / total]
    expect(mismatch(gradients[0]!.readSync(), wanted, close)).toBeNull()
  })

  test('the mean over ignored rows only is NaN', () => {
    const ids = device.tensor([1, 1], { dtype: 'int32' })
    expect(crossEntropy(zeros(device, [2, 3]), ids, { ignoreIndex: 1 }).readSync()[0]).toBeNaN()
  })

  test('names a target out of range, with its row', () => {
    const ids = device.tensor([0, 3, 1], { dtype: 'int32' })
    const logits = zeros(device, [3, 3])
    const plain = (): unknown => crossEntropy(logits, ids)
    expect(plain).toThrow(ArgumentError)
    expect(plain).toThrow("crossEntropy: 'targets' holds 3 at [1], expected a class from 0 to 2.")
    expect(() => crossEntropy(logits, ids, { ignoreIndex: 0, classWeights: ones(device, [3]) })).toThrow(
      'expected a class from 0 to 2, or 0 to ignore the row',
    )
  })

  test('names what does not fit', () => {
    const ids = zeros(device, [4], { dtype: 'int32' })
    expect(() => crossEntropy(zeros(device, [3, 5]), ids)).toThrow(
      "'targets' has shape [4], expected [3], the shape of 'logits' [3, 5] without class axis 1",
    )
    expect(() => crossEntropy(zeros(device, [4, 5]), zeros(device, [4]))).toThrow(
      "'targets' has dtype float32",
    )
    expect(() => crossEntropy(zeros(device, [4, 5]), ids, { labelSmoothing: 2 })).toThrow(
      "'labelSmoothing' is 2",
    )
    expect(() => crossEntropy(zeros(device, [4, 5]), ids, { classWeights: ones(device, [4]) })).toThrow(
      "'classWeights' has shape [4], expected [5]",
    )
  })
})

test('softCrossEntropy of targets with one class each is crossEntropy, smoothed or not', () => {
  const oneHot = device.tensor(targets.map((target) => [0, 1, 2].map((index) => Number(index === target))))
  const ids = device.tensor(targets, { dtype: 'int32' })
  const logits = device.tensor(rows)
  for (const labelSmoothing of [0, 0.3]) {
    const wanted = crossEntropy(logits, ids, { labelSmoothing, reduction: 'none' }).readSync()
    const got = softCrossEntropy(logits, oneHot, { labelSmoothing, reduction: 'none' }).readSync()
    expect(mismatch(got, wanted, close)).toBeNull()
  }
  const columns = softCrossEntropy(transpose(logits), transpose(oneHot), { classAxis: 0, reduction: 'sum' })
  expect(
    mismatch(columns.readSync(), sum(crossEntropy(logits, ids, { reduction: 'none' })).readSync(), close),
  ).toBeNull()
})
