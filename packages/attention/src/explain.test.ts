import { expect, test } from 'vitest'
import {
  alibi,
  causal,
  compose,
  conditional,
  explain,
  groupedQuery,
  learned,
  linear,
  scaledDot,
} from './index.ts'

const sizes = { length: 64, width: 32, heads: 4 }

test('the parts of each stage, the mask and the cost are told', () => {
  const explanation = explain(compose([scaledDot(), alibi(), causal()]), sizes)
  expect(explanation.stages).toEqual([
    { stage: 'score', parts: ['scaled-dot'] },
    { stage: 'bias', parts: ['alibi'] },
    { stage: 'mask', parts: ['causal'] },
  ])
  expect(explanation.fused).toBe(true)
  expect(explanation.mask!.slice(0, 3).map((row) => row.slice(0, 4))).toEqual([
    [true, false, false, false],
    [true, true, false, false],
    [true, true, true, false],
  ])
  // Four maps of 32 to 32 with biases.
  expect(explanation.parameters).toBe(4 * (32 * 32 + 32))
  // These maps, and for each of 64 x 64 pairs two products over 32 columns.
  expect(explanation.floatingPointOperations).toBe(4 * 2 * 64 * 32 * 32 + 2 * 2 * 64 * 64 * 32)
  expect(String(explanation)).toContain('    ■ ■ · ·')
})

test('a mixer says why it is not fused, draws no mask, and costs in proportion to the length', () => {
  const composition = compose([linear()])
  const [short, long] = [1024, 2048].map((length) => explain(composition, { ...sizes, length })) as [
    ReturnType<typeof explain>,
    ReturnType<typeof explain>,
  ]
  expect(short.fused).toBe('no part scores')
  expect(short.mask).toBeUndefined()
  expect(long.floatingPointOperations / short.floatingPointOperations).toBeCloseTo(2, 1)
  expect(long.peakBytes / short.peakBytes).toBeCloseTo(2, 1)
  expect(String(short)).toContain('runs stage by stage: no part scores')
})

test('what is added to the embeddings is counted', () => {
  const plain = explain(compose([scaledDot()]), sizes)
  const withTable = explain(compose([scaledDot(), learned()]), sizes)
  expect(withTable.stages[0]).toEqual({ stage: 'embed', parts: ['learned'] })
  expect(withTable.parameters - plain.parameters).toBe(64 * 32)
  // A sum over 3 x 3 neighbours for each of 64 positions and 32 columns.
  const convolved = explain(compose([scaledDot(), conditional()]), sizes)
  expect(convolved.parameters - plain.parameters).toBe(32 * 3 * 3 + 32)
  expect(convolved.floatingPointOperations - plain.floatingPointOperations).toBe(2 * 64 * 32 * 3 * 3)
})

test('a projection that only shares key heads has its stage', () => {
  const { stages } = explain(compose([scaledDot(), groupedQuery({ keyHeads: 2 })]), sizes)
  expect(stages).toEqual([
    { stage: 'project', parts: ['grouped-query'] },
    { stage: 'score', parts: ['scaled-dot'] },
  ])
})

test.each([0, -1, 2.5, Number.NaN])('a length of %d is refused', (length) => {
  expect(() => explain(compose([scaledDot()]), { ...sizes, length })).toThrow(
    `explain: 'length' is ${length}, expected a whole number of at least 1`,
  )
})
