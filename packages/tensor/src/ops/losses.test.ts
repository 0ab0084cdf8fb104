import { expect, test } from 'vitest'
import { valueAndGrad } from '../autograd/value-and-grad.ts'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { mismatch } from '../conformance/matchers.ts'
import { Device } from '../device.ts'
import type { Tensor } from '../tensor.ts'
import { binaryCrossEntropyWithLogits } from './binary-cross-entropy-with-logits.ts'
import { cosineSimilarity } from './cosine-similarity.ts'
import { klDivergence } from './kl-divergence.ts'
import type { LossOptions } from './loss-reduction.ts'
import { meanAbsoluteError } from './mean-absolute-error.ts'
import { meanSquaredError } from './mean-squared-error.ts'
import { smoothL1 } from './smooth-l1.ts'
import { sum } from './sum.ts'

const device = new Device(createReferenceBackend())
const close = { absolute: 1e-6, relative: 1e-6 }
const predictions = [0.5, -3, 1, 40]
const targets = [0, 1, 1, 0.25]

type Loss = (predictions: Tensor, targets: Tensor, options: LossOptions) => Tensor

test.each<[string, Loss, (prediction: number, target: number) => number]>([
  ['meanSquaredError', meanSquaredError, (x, y) => (x - y) ** 2],
  ['meanAbsoluteError', meanAbsoluteError, (x, y) => Math.abs(x - y)],
  ['smoothL1', smoothL1, (x, y) => (Math.abs(x - y) < 1 ? (x - y) ** 2 / 2 : Math.abs(x - y) - 0.5)],
  [
    'binaryCrossEntropyWithLogits',
    binaryCrossEntropyWithLogits,
    (x, y) => y * Math.log1p(Math.exp(-x)) + (1 - y) * (x + Math.log1p(Math.exp(-x))),
  ],
])('%s is its formula, averaged, added or element by element', (_, loss, formula) => {
  const wanted = predictions.map((prediction, index) => formula(prediction, targets[index]!))
  const total = wanted.reduce((a, b) => a + b)
  const run = (options: LossOptions) =>
    loss(device.tensor(predictions), device.tensor(targets), options).readSync()
  expect(mismatch(run({ reduction: 'none' }), wanted, close)).toBeNull()
  expect(mismatch(run({ reduction: 'sum' }), [total], close)).toBeNull()
  expect(mismatch(run({}), [total / 4], close)).toBeNull()
})

test('refuses targets that would broadcast', () => {
  const [column, row] = [device.tensor([[1], [2]]), device.tensor([1, 2])]
  for (const loss of [
    meanSquaredError,
    meanAbsoluteError,
    smoothL1,
    binaryCrossEntropyWithLogits,
    klDivergence,
  ]) {
    expect(() => loss(column, row)).toThrow(`${loss.name}: 'targets' has shape [2], expected [2, 1]`)
  }
})

test('smoothL1 refuses a beta that is not positive', () => {
  expect(() => smoothL1(device.tensor([1]), device.tensor([2]), { beta: 0 })).toThrow("smoothL1: 'beta' is 0")
})

test('klDivergence: a target of 0 adds nothing, and its gradients are finite', () => {
  const logProbabilities = device.tensor([
    [Math.log(0.25), Math.log(0.75)],
    [-Infinity, 0],
  ])
  const probabilities = device.tensor([
    [0.5, 0.5],
    [0, 1],
  ])
  const perExample = (0.5 * Math.log(2) + 0.5 * Math.log(0.5 / 0.75)) / 2
  const { value, gradients } = valueAndGrad(
    () => klDivergence(logProbabilities, probabilities),
    [logProbabilities, probabilities],
  )
  expect(mismatch(value.readSync(), [perExample], close)).toBeNull()
  expect(mismatch(gradients[0]!.readSync(), [-0.25, -0.25, 0, -0.5], close)).toBeNull()
  expect(gradients[1]!.readSync().every((number) => Number.isFinite(number))).toBe(true)
  const mean = klDivergence(logProbabilities, probabilities, { reduction: 'mean' })
  expect(mismatch(mean.readSync(), [perExample / 2], close)).toBeNull()
})

test('cosineSimilarity: broadcasts, and is 0 with a finite gradient for a vector of zeros', () => {
  const [a, b] = [
    device.tensor([
      [3, 4],
      [0, 0],
    ]),
    device.tensor([4, 3]),
  ]
  expect(mismatch(cosineSimilarity(a, b).readSync(), [24 / 25, 0], close)).toBeNull()
  expect(
    mismatch(cosineSimilarity(a, device.tensor([[1], [0]]), { axis: 0 }).readSync(), [1, 1], close),
  ).toBeNull()
  const { gradients } = valueAndGrad(() => sum(cosineSimilarity(a, b)), [a])
  expect(gradients[0]!.readSync().every((number) => Number.isFinite(number))).toBe(true)
})
