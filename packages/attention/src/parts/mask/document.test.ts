import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testAttention, testMask } from '../../conformance/index.ts'
import { testContext } from '../../testing/test-context.test-helper.ts'
import { causal, document } from '../../index.ts'

const documents = [
  [0, 0, 1, 1, 1, 2],
  [7, 3, 3, 3, 7, 7],
]

testAttention(() => document(), { test })

testMask(() => document(), {
  test,
  cases: [
    {
      title: 'keeps the keys of the own document',
      queries: 6,
      keys: 6,
      call: (device) => ({
        side: { documents: device.tensor(documents.flat(), { shape: [2, 6], dtype: 'int32' }) },
      }),
      keeps: ({ entry, query, key }) => documents[entry]![query] === documents[entry]![key],
    },
    {
      title: 'with causal and cached keys, those before',
      queries: 3,
      keys: 6,
      queryStart: 3,
      call: (device) => ({
        beside: [causal()],
        side: { documents: device.tensor(documents.flat(), { shape: [2, 6], dtype: 'int32' }) },
      }),
      keeps: ({ entry, query, key }) => key <= query && documents[entry]![query] === documents[entry]![key],
    },
  ],
})

const sizes = { queryStart: 1, queryLength: 3, keyLength: 4 }

test('documents that are missing, or not as many as the keys, are refused', () => {
  const device = new Device(createReferenceBackend())
  const masked = (side: Tensor | undefined) => (): unknown =>
    document().mask!(testContext({ ...sizes, device, sideInput: () => side }))
  expect(masked(undefined)).toThrow(
    "document: 'side.documents' is 'none', expected int32 [batch, key], the number of the document of each position. " +
      'Pass it, or leave the part out where every row is one document.',
  )
  expect(masked(device.tensor([[0, 0, 1]]))).toThrow(
    "document: 'side.documents' has shape [1, 3], expected [batch, 4]: every position up to the last query, at 3. " +
      'Bring it for all positions in each call, those of cached keys included.',
  )
})
