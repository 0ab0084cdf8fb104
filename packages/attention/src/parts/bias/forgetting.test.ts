import { createReferenceBackend, Device, RandomStream } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { dot } from '../../testing/by-loops.test-helper.ts'
import { handSample, type ScorePlace } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import {
  alibi,
  attendProjections,
  causal,
  compose,
  createCache,
  forgetting,
  MultiHeadAttention,
  noMask,
  rope,
  scaledDot,
} from '../../index.ts'

const sample = handSample()
const [weight, bias] = [sampleValues(2 * 6, 5), sampleValues(2, 6)]

/** The forget gate of a position. */
function gate(batch: number, head: number, position: number): number {
  const logit = dot(weight.slice(head * 6, head * 6 + 6), sample.keyInput(batch, position)) + bias[head]!
  return 1 / (1 + Math.exp(-logit))
}

/** What the gates after the earlier one of two positions leave, up to the later one. */
function left({ batch, head, query, key }: ScorePlace): number {
  let product = 1
  for (let at = Math.min(query, key) + 1; at <= Math.max(query, key); at++) product *= gate(batch, head, at)
  return product
}

testIdea(() => forgetting(), {
  test,
  ideas: [true, false].map((causally) => ({
    title: causally ? 'gates between key and query multiply' : 'without causal, also to the right',
    inputs: sample.inputs,
    call: (device: Device) => ({
      beside: causally ? [causal()] : [],
      parameters: {
        forgetting: { weight: device.tensor(weight, { shape: [2, 6] }), bias: device.tensor(bias) },
      },
    }),
    expected: () =>
      // Weights are products of gates and exponentials: the form in which the paper gives them first.
      sample.mix((place) => {
        const terms = [0, 1, 2, 3].map((key) =>
          causally && key > place.query
            ? 0
            : left({ ...place, key }) * Math.exp(sample.scaledDot({ ...place, key })),
        )
        const total = terms.reduce((sum, term) => sum + term, 0)
        return terms.map((term) => term / total)
      }),
  })),
})

test('gates that are all the same are ALiBi', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  // Heads of slopes 1/16 and 1/256: gates exp(-slope), logits log(f / (1 - f)) = -log(exp(slope) - 1).
  const logits = [1 / 16, 1 / 256].map((slope) => -Math.log(Math.expm1(slope)))
  const run = (part: ReturnType<typeof alibi>): number[] => [
    ...attendProjections(compose([scaledDot(), part, causal()]), sample.inputs(device), {
      mask: noMask,
      parameters: {
        forgetting: {
          weight: device.tensor(new Float64Array(12), { shape: [2, 6] }),
          bias: device.tensor(logits),
        },
      },
    }).readSync(),
  ]
  expect(mismatch(run(forgetting()), run(alibi()), { absolute: 1e-12, relative: 1e-10 })).toBeNull()
})

test('two query heads to each key head, caches and other parts in front: gates stay with their positions', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const composition = compose([scaledDot(), forgetting(), rope(), causal()])
  const options = { width: 8, heads: 4, keyHeads: 2, composition, maximumLength: 8 }
  const attention = new MultiHeadAttention({ device, random: new RandomStream(3) }, options)
  attention.parts['forgetting']!['weight']!.assign(device.tensor(sampleValues(32, 9), { shape: [4, 8] }))
  const x = device.tensor(sampleValues(48, 4), { shape: [1, 6, 8] })
  const cache = createCache(composition)
  const rows = sampleValues(48, 4)
  const call = { mask: noMask, side: {} }
  const full = [...attention.forward(x, x, { ...call, cache: 'none' }).readSync()]
  const steps = [0, 1, 2, 3, 4, 5].flatMap((position) => {
    const row = device.tensor(rows.slice(position * 8, position * 8 + 8), { shape: [1, 1, 8] })
    return [...attention.forward(row, row, { ...call, cache }).readSync()]
  })
  expect(mismatch(steps, full, { absolute: 1e-12, relative: 1e-10 })).toBeNull()
})
