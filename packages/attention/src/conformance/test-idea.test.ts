import { add, type Device, mul, reshape } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { type AttentionPart, noMask, padding } from '../index.ts'
import { scoreInputs } from '../testing/score-inputs.test-helper.ts'
import { failingTests } from './failing-tests.test-helper.ts'
import { testEmbeddingIdea } from './test-embedding-idea.ts'
import { type Idea, testIdea } from './test-idea.ts'
import { testMask } from './test-mask.ts'

/** Plain attention gives the second key three times the weight of the first. */
const inputs = scoreInputs([[0, Math.log(3)]])
const plain: Idea = { title: 'plain softmax', inputs, expected: [1 / 4, 3 / 4] }

/** Adds what it reads to the scores. */
function offset(): AttentionPart {
  return {
    name: 'offset',
    source: 'none',
    sideInputs: ['offsets'],
    bias: (context, scores) => add(scores, context.sideInput('offsets') ?? 0),
  }
}

const offsets = (value: number) => (device: Device) => ({ side: { offsets: device.tensor([value, 0]) } })
const failingCases = (create: () => AttentionPart, ideas: readonly Idea[]) =>
  failingTests((test) => testIdea(create, { test, ideas }))

test('a case that only the part gives fails no test', async () => {
  const idea = { title: 'log 3 is added', inputs, call: offsets(Math.log(3)), expected: [1 / 2, 1 / 2] }
  expect(await failingCases(offset, [idea])).toEqual({})
  expect(await failingCases(offset, [{ ...plain, call: offsets(0) }, idea])).toEqual({})
})

test('a case that plain attention gives is seen, also of a part that reads a side input', async () => {
  const vacuous = 'every case holds without the part'
  expect(await failingCases(offset, [{ ...plain, call: offsets(0) }])).toEqual({
    'offset: its cases fail for plain scaled-dot': vacuous,
    'offset: its cases fail for a part that does nothing': vacuous,
  })
  const beside = (device: Device) => ({
    beside: [padding()],
    side: { ...offsets(0)(device).side, padding: device.tensor([[true, true]]) },
  })
  expect(await failingCases(offset, [{ ...plain, call: beside }])).toEqual({
    'offset: its cases fail for plain scaled-dot': vacuous,
    'offset: its cases fail for a part that does nothing': vacuous,
  })
})

test('a case that no substitute can run proves nothing', async () => {
  // Each column of the one key is a key, which plain attention cannot take.
  const halves: AttentionPart = {
    name: 'halves',
    source: 'none',
    score: (_, query, key) => mul(reshape(query, [1, 1, 1, 1]), reshape(key, [1, 1, 1, 2])),
  }
  const idea: Idea = {
    title: 'a query of one column, and one key of two',
    inputs: (device) => ({
      query: device.tensor([[[[1]]]]),
      key: device.tensor([[[[0, Math.log(3)]]]]),
      value: device.tensor([
        [
          [
            [1, 0],
            [0, 1],
          ],
        ],
      ]),
    }),
    expected: [1 / 4, 3 / 4],
  }
  const failed = await failingCases(() => halves, [idea])
  expect(Object.keys(failed)).toEqual([
    'halves: its cases fail for plain scaled-dot',
    'halves: its cases fail for a part that does nothing',
  ])
  for (const message of Object.values(failed)) {
    expect(message).toMatch(
      /gives no case other numbers, and cannot run 1 of 1, which proves nothing: ShapeError/,
    )
  }
})

test('a mask whose case keeps every key is seen', async () => {
  const graph = (): AttentionPart => ({
    name: 'graph',
    source: 'none',
    sideInputs: ['graph'],
    mask: (context) => {
      const keep = context.sideInput('graph')
      return keep ? { kind: 'tensor', keep } : noMask
    },
  })
  const failed = await failingTests((test) =>
    testMask(graph, {
      test,
      cases: [
        {
          title: 'all are neighbours',
          queries: 2,
          keys: 2,
          call: (device) => ({ side: { graph: device.tensor([[true, true]]) } }),
          keeps: () => true,
        },
      ],
    }),
  )
  expect(Object.keys(failed)).toEqual([
    'graph: its cases fail for plain scaled-dot',
    'graph: its cases fail for a part that does nothing',
  ])
})

test('an embedding whose case adds nothing is seen, also of a part that reads a side input', async () => {
  const times = (): AttentionPart => ({
    name: 'times',
    source: 'none',
    sideInputs: ['times'],
    embed: (context, embeddings) => add(embeddings, context.sideInput('times') ?? 0),
  })
  const failing = (time: number, expected: readonly number[]) =>
    failingTests((test) =>
      testEmbeddingIdea(times, {
        test,
        ideas: [
          {
            title: 'the time is added',
            inputs: (device) => device.tensor([[[1, 2]]]),
            side: (device) => ({ times: device.tensor([time]) }),
            expected,
          },
        ],
      }),
    )
  expect(await failing(3, [4, 5])).toEqual({})
  expect(await failing(0, [1, 2])).toEqual({
    'times: its cases fail for a part that does nothing': 'every case holds without the part',
  })
})
