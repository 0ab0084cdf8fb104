import { flip, linear } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleTensor } from '../../conformance/sample-values.ts'
import {
  mismatchOfTrainedQueries,
  trainedQueryAttention,
} from '../../testing/trained-query-loops.test-helper.ts'
import { splitHeads } from '../../heads.ts'
import { attentionPooling, causal, compose, noMask, scaledDot } from '../../index.ts'

const call = { mask: noMask, side: { padding: 'none' }, cache: 'none' } as const

test.each([1, 2, 5])('%i seeds pool the input', (seeds) => {
  expect(mismatchOfTrainedQueries(attentionPooling({ seeds }), 'seeds')).toBeNull()
})

test('without the part, nothing is pooled', () => {
  const nothing = { name: 'attention-pooling', source: '' }
  const { attention, x } = trainedQueryAttention(nothing)
  expect(attention.forward(x, x, call).shape).toEqual([2, 4, 5])
  expect(mismatchOfTrainedQueries(nothing, 'seeds')).toBe('no parameters')
  const part = attentionPooling({ seeds: 4 })
  const asking: typeof part = {
    ...part,
    project(context, queryInput, keyInput) {
      const query = linear(queryInput, context.parameter('query'), context.parameter('queryBias'))
      return { ...part.project!(context, queryInput, keyInput), query: splitHeads(query, context.heads) }
    },
  }
  expect(mismatchOfTrainedQueries(asking, 'seeds')).not.toBeNull()
})

test('a set gives one vector unless it is said, whatever its order', () => {
  const { device, attention, x } = trainedQueryAttention(attentionPooling())
  const turned = flip(x, { axis: 1 })
  const output = attention.forward(x, x, call)
  expect(output.shape).toEqual([2, 1, 5])
  const again = attention.forward(turned, turned, call).readSync()
  expect(mismatch(again, Array.from(output.readSync()), { absolute: 1e-12, relative: 1e-10 })).toBeNull()
  const other = sampleTensor(device, [2, 4, 5], 2)
  const changed = attention.forward(other, other, call).readSync()
  expect(mismatch(changed, Array.from(output.readSync()), { absolute: 1e-3, relative: 1e-3 })).not.toBeNull()
})

test('bad options, inputs and companions', () => {
  expect(() => attentionPooling({ seeds: 1.5 })).toThrow(
    "attention-pooling: 'seeds' is 1.5, expected a whole number of at least 1. Leave it out for the default.",
  )
  const { device, attention, x } = trainedQueryAttention(attentionPooling())
  expect(() => attention.forward(sampleTensor(device, [2, 3, 5], 2), x, call)).toThrow(
    "its queries are its seeds, and no input's",
  )
  expect(() => compose([scaledDot(), attentionPooling(), causal()])).toThrow(
    "compose: 'attention-pooling' is composed with 'causal', but its seeds have no position",
  )
})
