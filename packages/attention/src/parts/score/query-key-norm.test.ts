import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testAttention } from '../../conformance/test-attention.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { testContext } from '../../testing/test-context.test-helper.ts'
import { compose, type Projected, queryKeyNorm, scaledDot } from '../../index.ts'

for (const norm of ['layer', 'rms'] as const) testAttention(() => queryKeyNorm({ norm }), { test })

/** One query and two keys; the value of the first is 1. */
const inputs =
  (query: readonly number[], keys: readonly (readonly number[])[]) =>
  (device: Device): Projected => ({
    query: device.tensor([[[query]]]),
    key: device.tensor([[keys]]),
    value: device.tensor([[[[1], [0]]]]),
  })

const weights = (
  device: Device,
  query: readonly number[],
  key: readonly number[],
): Record<string, Tensor> => ({
  queryWeight: device.tensor([...query]),
  keyWeight: device.tensor([...key]),
})

testIdea(() => queryKeyNorm(), {
  test,
  ideas: [
    {
      // (3, 4) has length 5: its cosines with (0, 2) and (-7, 0) are 4/5 and -3/5; g is 10, and no root of d is left.
      title: 'l2: the trained scale times the cosine',
      call: (device) => ({ parameters: { 'query-key-norm': { scale: device.tensor([10]) } } }),
      inputs: inputs(
        [3, 4],
        [
          [0, 2],
          [-7, 0],
        ],
      ),
      expected: [1 / (1 + Math.exp(-14))],
    },
  ],
})

testIdea(() => queryKeyNorm({ norm: 'rms' }), {
  test,
  tolerance: 1e-6,
  ideas: [
    {
      // Mean squares are 25/2, 2 and 8: the query becomes (3, 4) √2/5, the keys (0, √2) and (√2, 0) before their weights.
      // With weights (1, 2) and (3, 1) products are 8 · 2/5 and 9 · 2/5; they are divided by √2. The 1e-6 in the root is left out.
      title: 'rms: weights times vectors of mean square one',
      call: (device) => ({ parameters: { 'query-key-norm': weights(device, [1, 2], [3, 1]) } }),
      inputs: inputs(
        [300, 400],
        [
          [0, 200],
          [400, 0],
        ],
      ),
      expected: [1 / (1 + Math.exp((9 - 8) * (2 / 5 / Math.SQRT2)))],
    },
  ],
})

testIdea(() => queryKeyNorm({ norm: 'layer' }), {
  test,
  tolerance: 1e-6,
  ideas: [
    {
      // Less its mean, each vector is ±100 in two columns, whose variance is one after division: the query becomes (-1, 1), the keys
      // (1, -1) and (-1, 1). With weights (2, 1) and (1, 3) products are -2 - 3 and 2 + 3; they are divided by √2.
      title: 'layer: weights times vectors of mean 0 and variance 1',
      call: (device) => ({ parameters: { 'query-key-norm': weights(device, [2, 1], [1, 3]) } }),
      inputs: inputs(
        [500, 700],
        [
          [900, 700],
          [-100, 100],
        ],
      ),
      expected: [1 / (1 + Math.exp(10 / Math.SQRT2))],
    },
  ],
})

test('it leaves scaled-dot fused, and refuses other norms and scales', () => {
  expect(compose([scaledDot(), queryKeyNorm()]).unfusable).toBeUndefined()
  expect(() => queryKeyNorm({ norm: 'batch' as 'rms' })).toThrow(
    "query-key-norm: 'norm' is 'batch', expected 'l2', 'layer' or 'rms'. Leave it out for the default.",
  )
  expect(() => queryKeyNorm({ scale: Infinity })).toThrow(
    "query-key-norm: 'scale' is Infinity, expected a finite number. Leave it out for the default.",
  )
})

test('scores of l2 do not depend on how long queries and keys are', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const turned = (factor: number): number[] => {
    const part = queryKeyNorm()
    const { query, key } = inputs([3 * factor, 4 * factor], [[0, 2 * factor]])(device)
    const context = testContext({ device, parameter: () => device.tensor([1]) })
    const result = part.queryKey!(context, query, key, key)
    return [...result.query.readSync(), ...result.key.readSync()]
  }
  expect(turned(1000)).toEqual(turned(1))
})
