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
  dataDependentAlibi,
  noMask,
  scaledDot,
} from '../../index.ts'

const sample = handSample()
const [weight, bias] = [sampleValues(2 * 6, 5), sampleValues(2, 6)]
const slopes = [0.3, 1.4]

/** How long the step to a position is. */
function step(batch: number, head: number, position: number): number {
  const x = dot(weight.slice(head * 6, head * 6 + 6), sample.keyInput(batch, position)) + bias[head]!
  return Math.log(1 + Math.exp(x))
}

function distance({ batch, head, query, key }: ScorePlace): number {
  let total = 0
  for (let at = Math.min(query, key) + 1; at <= Math.max(query, key); at++) total += step(batch, head, at)
  return total
}

testIdea(() => dataDependentAlibi(), {
  test,
  ideas: [true, false].map((causally) => ({
    title: causally ? 'steps between key and query add up' : 'without causal, also to the right',
    inputs: sample.inputs,
    call: (device: Device) => ({
      beside: causally ? [causal()] : [],
      parameters: {
        'data-dependent-alibi': {
          weight: device.tensor(weight, { shape: [2, 6] }),
          bias: device.tensor(bias),
          logSlopes: device.tensor(slopes.map(Math.log)),
        },
      },
    }),
    expected: () =>
      sample.attend((place) =>
        causally && place.key > place.query
          ? -Infinity
          : sample.scaledDot(place) - slopes[place.head]! * distance(place),
      ),
  })),
})

test('it begins as ALiBi, but for the weight', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const part = dataDependentAlibi()
  const begin = (name: string, shape: readonly number[]) =>
    part.parameters![name]!.initializer({ device, random: new RandomStream(1) }, shape)
  const run = (chosen: typeof part): number[] => [
    ...attendProjections(compose([scaledDot(), chosen, causal()]), sample.inputs(device), {
      mask: noMask,
      parameters: {
        'data-dependent-alibi': {
          weight: device.tensor(new Float64Array(12), { shape: [2, 6] }),
          bias: begin('bias', [2]),
          logSlopes: begin('logSlopes', [2]),
        },
      },
    }).readSync(),
  ]
  expect(mismatch(run(part), run(alibi()), { absolute: 1e-12, relative: 1e-10 })).toBeNull()
})
