import { zeros } from '@qkv/nn'
import { add, mean, mul, slice } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { type AttentionPart, causal, forgetting, multiToken } from '../index.ts'
import { failingTests } from './failing-tests.test-helper.ts'
import { testAttention, type TestAttentionOptions } from './test-attention.ts'

async function failing(
  create: () => AttentionPart,
  options: Omit<TestAttentionOptions, 'test'> = {},
): Promise<string[]> {
  const failed = await failingTests((test) => testAttention(create, { test, ...options }))
  return Object.keys(failed).map((title) => title.slice(title.indexOf(':') + 2))
}

const later = 'with causal, no query sees a later position'
const filled = 'with padding, filled-up keys change nothing'

/** Adds a trained share, 0 at first, of the mean of all scores of a query: of later and filled-up keys, too. */
function leaky(): AttentionPart {
  return {
    name: 'leaky',
    source: 'none',
    parameters: {
      share: { owner: 'attention', shape: ({ heads }) => [heads, 1, 1], initializer: zeros() },
    },
    bias: (context, scores) =>
      add(scores, mul(mul(context.parameter('share'), scores), mean(scores, { axis: -1, keepAxes: true }))),
  }
}

/** A part whose stages are told something else of the call. */
function told(
  part: AttentionPart,
  stage: 'bias' | 'queryKey',
  change: Partial<Parameters<NonNullable<AttentionPart['bias']>>[0]>,
): AttentionPart {
  const run = part[stage] as (context: object, ...tensors: unknown[]) => never
  return {
    ...part,
    [stage]: (context: object, ...tensors: unknown[]) => run({ ...context, ...change }, ...tensors),
  }
}

test('a part that does all that it must fails no test', async () => {
  expect(await failing(() => forgetting())).toEqual([])
})

test('what is multiplied by a parameter that starts at zero is seen', async () => {
  expect(await failing(leaky)).toEqual([later, filled, 'cached equals full'])
})

test('a window of scores that is not told of causal is seen', async () => {
  expect(await failing(() => told(multiToken(), 'bias', { causal: false }))).toEqual([later])
})

test('gates of filled-up positions are seen', async () => {
  const part = (): AttentionPart => told(forgetting(), 'queryKey', { sideInput: () => undefined })
  const failed = await failingTests((test) => testAttention(part, { test }))
  expect(failed).toEqual({
    [`forgetting: ${filled}`]: expect.stringMatching(
      /^beside padding: padding in the middle, position 0/,
    ) as string,
  })
})

test('a key of its own that comes first is seen where padding is at the start', async () => {
  const first = (): AttentionPart => ({
    name: 'first',
    source: 'none',
    // The score of the first position counts for all of them.
    bias: (_, scores) => add(scores, mul(scores, slice(scores, [{}, {}, {}, { size: 1 }]))),
  })
  const failed = await failingTests((test) => testAttention(first, { test }))
  expect(failed).toEqual({
    [`first: ${filled}`]: expect.stringMatching(
      /^beside padding: padding at the start, position 2/,
    ) as string,
  })
})

test('options that a config cannot hold are seen', async () => {
  for (const value of [() => 1, Number.POSITIVE_INFINITY, new Map(), [undefined]]) {
    expect(await failing(() => ({ ...causal(), name: 'odd', options: { value } }))).toEqual([
      'its options are plain data',
    ])
  }
})

/** Scores times a number, which its options hold or not. */
function times(factor: number, options: object): AttentionPart {
  return { name: 'times', source: 'none', options, bias: (_, scores) => mul(scores, factor) }
}

test('a factory that forgets an option is seen, and one that only repeats it', async () => {
  const again = 'is made again from its options'
  const make = ({ factor = 1 }: { readonly factor?: number } = {}): AttentionPart => times(factor, { factor })
  expect(await failing(() => make({ factor: 2 }), { factory: make })).toEqual([])
  expect(await failing(() => make({ factor: 2 }), { factory: () => make() })).toEqual([again])
  const repeats = (options?: object): AttentionPart => times(1, { ...options })
  expect(await failing(() => make({ factor: 2 }), { factory: repeats })).toEqual([again])
})

test('without a factory, a part of another package is not said to be made again', () => {
  const titles: string[] = []
  testAttention(() => times(2, {}), { test: (title) => void titles.push(title) })
  expect(titles).toContain('times: its options are plain data')
  expect(titles).not.toContain('times: is made again from its options')
})
