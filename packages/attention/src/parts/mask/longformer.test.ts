import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testAttention, testMask } from '../../conformance/index.ts'
import { testContext } from '../../testing/test-context.test-helper.ts'
import { causal, longformer } from '../../index.ts'

const globals = [
  [true, false, false, false, false, true, false],
  [false, false, false, true, false, false, false],
]

testAttention(() => longformer({ window: 1 }), { test })
testAttention(() => longformer({ window: 1, globals: [0, 3] }), { test })

testMask(() => longformer({ window: 1 }), {
  test,
  cases: [
    {
      title: 'keeps near keys, global keys, and all keys for global queries',
      queries: 7,
      keys: 7,
      call: (device) => ({ side: { globals: device.tensor(globals) } }),
      keeps: ({ entry, query, key }) =>
        Math.abs(query - key) <= 1 || globals[entry]![key]! || globals[entry]![query]!,
    },
    {
      title: 'with causal and cached keys, those before',
      queries: 3,
      keys: 7,
      queryStart: 4,
      call: (device) => ({ beside: [causal()], side: { globals: device.tensor(globals) } }),
      keeps: ({ entry, query, key }) =>
        key <= query && (query - key <= 1 || globals[entry]![key]! || globals[entry]![query]!),
    },
  ],
})

testMask(() => longformer({ window: 2, globals: [0, 4] }), {
  test,
  cases: [
    {
      title: 'takes the global positions from its options',
      queries: 8,
      keys: 8,
      keeps: ({ query, key }) => Math.abs(query - key) <= 2 || [0, 4].includes(key) || [0, 4].includes(query),
    },
    {
      title: 'keeps the same over lengths of which it skips blocks',
      queries: 30,
      keys: 600,
      queryStart: 560,
      keeps: ({ query, key }) => Math.abs(query - key) <= 2 || [0, 4].includes(key),
    },
    {
      title: 'and global queries see all of them',
      queries: 6,
      keys: 600,
      keeps: ({ query, key }) => Math.abs(query - key) <= 2 || [0, 4].includes(key) || [0, 4].includes(query),
    },
  ],
})

test.each<[() => unknown, string]>([
  [
    () => longformer({ window: 0 }),
    "longformer: 'window' is 0, expected a whole number of at least 1. Give the number of positions on either side, such as 128.",
  ],
  [
    () => longformer({ globals: [] }),
    "longformer: 'globals' is [], expected positions from 0 on, at least one. Without any, `sliding-window` says what you mean.",
  ],
  [
    () => longformer({ globals: [0, -2] }),
    "longformer: 'globals' is [0, -2], expected positions from 0 on, at least one.",
  ],
  [
    () => longformer().mask!(testContext()),
    "longformer: 'side.globals' is 'none', expected bool [batch, key], true for the global positions. " +
      'Pass it, or name the positions with the option `globals`.',
  ],
  [
    () => {
      const device = new Device(createReferenceBackend())
      const sizes = { device, queryStart: 0, queryLength: 4, keyLength: 4 }
      return longformer().mask!(testContext({ ...sizes, sideInput: () => device.tensor([[true, false]]) }))
    },
    "longformer: 'side.globals' is bool [1, 2], expected bool [1, 4], a flag for each key.",
  ],
])('refuses what it cannot do, %#', (call, sentence) => {
  expect(call).toThrow(sentence)
})
