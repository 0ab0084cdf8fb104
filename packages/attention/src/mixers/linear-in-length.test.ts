import { createReferenceBackend, Device, RandomStream, sizeOf } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { sampleValues } from '../conformance/sample-values.ts'
import {
  aft,
  type AttentionPart,
  causal,
  compose,
  cosformer,
  deltaRule,
  efficient,
  fedformer,
  gatedLinear,
  informer,
  linear,
  MultiHeadAttention,
  nystrom,
  noMask,
  performer,
  retention,
  scaledDot,
} from '../index.ts'

const width = 8

/** How many numbers all operations of one forward pass make. */
function elementsMade(parts: readonly AttentionPart[], length: number): number {
  const device = new Device(createReferenceBackend())
  const attention = new MultiHeadAttention(
    { device, random: new RandomStream(1) },
    { width, heads: 2, composition: compose(parts), maximumLength: 512 },
  )
  let made = 0
  device.observe({
    exit(call, outputs) {
      if (call.depth === 0) for (const { shape } of outputs) made += sizeOf(shape)
    },
  })
  device.scoped(() => {
    const x = device.tensor(sampleValues(length * width, 1), { shape: [1, length, width] })
    // With a tap the stages run one by one, and what they make is seen.
    attention.forward(x, x, { mask: noMask, side: {}, cache: 'none', tap: (_, tensor) => tensor })
  })
  return made
}

const growth = (parts: readonly AttentionPart[]): number =>
  elementsMade(parts, 512) / elementsMade(parts, 256)

test.each<[string, readonly AttentionPart[]]>([
  ['linear', [linear()]],
  ['linear with causal', [linear(), causal()]],
  ['performer', [performer()]],
  ['performer with causal', [performer(), causal()]],
  ['efficient', [efficient()]],
  ['cosformer', [cosformer()]],
  ['cosformer with causal', [cosformer(), causal()]],
  ['aft', [aft()]],
  ['aft with causal', [aft(), causal()]],
  ['nystrom', [nystrom({ landmarks: 8 })]],
  ['retention', [retention()]],
  ['gated-linear', [gatedLinear()]],
  ['gated-linear by column', [gatedLinear({ decay: 'column' })]],
  ['delta-rule', [deltaRule()]],
  ['gated delta-rule', [deltaRule({ gated: true })]],
  ['fedformer', [fedformer({ modes: 8 })]],
])('twice the length makes about twice the numbers: %s', (_, parts) => {
  const grown = growth(parts)
  expect(grown).toBeGreaterThan(1.7)
  expect(grown).toBeLessThan(2.2)
})

test('informer without causal grows with the length and its logarithm', () => {
  expect(growth([informer()])).toBeLessThan(2.5)
})

test('scores for all pairs are seen to grow with the square', () => {
  expect(growth([scaledDot()])).toBeGreaterThan(3.5)
})
