import { createReferenceBackend, Device, valueAndGrad } from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokenLoss } from '../index.ts'

const classes = 4
const device = new Device(createReferenceBackend({ precision: 'float64' }))

/** The definition, token by token: (1 - e) times that of the target, and e times the mean over all classes. */
function plainLoss(
  logits: readonly number[],
  ids: readonly number[],
  paddingId: number | null,
  smoothing: number,
): number {
  let total = 0
  let tokens = 0
  ids.forEach((id, index) => {
    if (id === paddingId) return
    const row = logits.slice(index * classes, (index + 1) * classes)
    const normalizer = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0))
    const costs = row.map((logit) => normalizer - logit)
    const mean = costs.reduce((sum, cost) => sum + cost, 0) / classes
    total += (1 - smoothing) * costs[id]! + smoothing * mean
    tokens += 1
  })
  return total / tokens
}

const cases = fc
  .array(fc.nat(classes - 1), { minLength: 1, maxLength: 6 })
  .filter((ids) => ids.some((id) => id !== 0))
  .chain((ids) => {
    const count = ids.length * classes
    const logits = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
      minLength: count,
      maxLength: count,
    })
    return fc.record({
      ids: fc.constant(ids),
      logits,
      paddingId: fc.constantFrom(0, null),
      labelSmoothing: fc.constantFrom(0, 0.1, 0.5),
    })
  })

describe('tokenLoss', () => {
  test('is the mean over the tokens that are not padding', () => {
    fc.assert(
      fc.property(cases, ({ ids, logits, paddingId, labelSmoothing }) => {
        device.scoped(() => {
          const tensor = device.tensor(Float64Array.from(logits), { shape: [1, ids.length, classes] })
          const targets = { ids: Int32Array.from(ids), shape: [1, ids.length] }
          const { loss, tokens } = tokenLoss(tensor, targets, { paddingId, labelSmoothing })
          expect(loss.readSync()[0]).toBeCloseTo(plainLoss(logits, ids, paddingId, labelSmoothing), 10)
          expect(tokens).toBe(ids.filter((id) => id !== paddingId).length)
        })
      }),
    )
  })

  test('padding takes no gradient, whatever its logits', () => {
    device.scoped(() => {
      const logits = device.tensor([
        [
          [1, 2, 3, 4],
          [1e3, -1e3, 0, 5],
        ],
      ])
      const targets = { ids: Int32Array.of(2, 0), shape: [1, 2] }
      const { gradients } = valueAndGrad(
        () => tokenLoss(logits, targets, { paddingId: 0, labelSmoothing: 0.1 }).loss,
        [logits],
      )
      const values = [...gradients[0]!.readSync()]
      expect(values.slice(0, classes).every((value) => value !== 0)).toBe(true)
      expect(values.slice(classes).map(Math.abs)).toEqual([0, 0, 0, 0])
    })
  })

  test.each([
    [[0, 0], 'has no id but the padding 0'],
    [[], 'is empty'],
  ])('targets %j are refused', (ids, message) => {
    device.scoped(() => {
      const logits = device.tensor(new Float64Array(ids.length * classes), {
        shape: [1, ids.length, classes],
      })
      const targets = { ids: Int32Array.from(ids), shape: [1, ids.length] }
      expect(() => tokenLoss(logits, targets, { paddingId: 0 })).toThrow(message)
    })
  })
})
