import { flip, linear } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleTensor } from '../../conformance/sample-values.ts'
import {
  mismatchOfTrainedQueries,
  trainedQueryAttention,
} from '../../testing/trained-query-loops.test-helper.ts'
import { splitHeads } from '../../heads.ts'
import { causal, compose, createCache, gated, noMask, perceiver, scaledDot, streaming } from '../../index.ts'

test.each([1, 3, 7])('%i latents attend to the input', (latents) => {
  expect(mismatchOfTrainedQueries(perceiver({ latents }), 'latents')).toBeNull()
})

test('without the part, queries are those of the input', () => {
  const { attention, x } = trainedQueryAttention({ name: 'perceiver', source: '' })
  const output = attention.forward(x, x, { mask: noMask, side: { padding: 'none' }, cache: 'none' })
  expect(output.shape).toEqual([2, 4, 5])
  expect(mismatchOfTrainedQueries({ name: 'perceiver', source: '' }, 'latents')).toBe('no parameters')
  const part = perceiver({ latents: 4 })
  const asking: typeof part = {
    ...part,
    project(context, queryInput, keyInput) {
      const query = linear(queryInput, context.parameter('query'), context.parameter('queryBias'))
      return { ...part.project!(context, queryInput, keyInput), query: splitHeads(query, context.heads) }
    },
  }
  expect(mismatchOfTrainedQueries(asking, 'latents')).not.toBeNull()
})

test('there are as many outputs as latents, however long the input is', () => {
  const { device, attention } = trainedQueryAttention(perceiver({ latents: 3 }))
  for (const length of [1, 6]) {
    const x = sampleTensor(device, [2, length, 5], 2)
    const output = attention.forward(x, x, { mask: noMask, side: { padding: 'none' }, cache: 'none' })
    expect(output.shape).toEqual([2, 3, 5])
  }
  expect(perceiver({ latents: 3 }).outputs).toBe(3)
})

test('the order of the input does not matter', () => {
  const { attention, x } = trainedQueryAttention(perceiver({ latents: 2 }))
  const call = { mask: noMask, side: { padding: 'none' }, cache: 'none' } as const
  const turned = flip(x, { axis: 1 })
  const wanted = Array.from(attention.forward(x, x, call).readSync())
  expect(
    mismatch(attention.forward(turned, turned, call).readSync(), wanted, {
      absolute: 1e-12,
      relative: 1e-10,
    }),
  ).toBeNull()
})

test('bad options, inputs and companions', () => {
  expect(() => perceiver({ latents: 0 })).toThrow(
    "perceiver: 'latents' is 0, expected a whole number of at least 1. Leave it out for the default.",
  )
  const { device, attention, x } = trainedQueryAttention(perceiver())
  const other = sampleTensor(device, [2, 3, 5], 2)
  const call = { mask: noMask, side: { padding: 'none' }, cache: 'none' } as const
  expect(() => attention.forward(other, x, call)).toThrow(
    "perceiver: 'keyInput' is not the query input, expected self-attention: its queries are its latents, and no input's.",
  )
  for (const part of [causal(), streaming()]) {
    expect(() => compose([scaledDot(), perceiver(), part])).toThrow('its latents have no position')
  }
  expect(() => compose([scaledDot(), perceiver(), gated()])).toThrow('no rows of the input')
  expect(() => createCache(compose([scaledDot(), perceiver()]))).toThrow(
    "'perceiver' needs every position at once",
  )
})
