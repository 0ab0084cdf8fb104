import { createReferenceBackend, type Device, Device as TensorDevice, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { dot } from '../../testing/by-loops.test-helper.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testAttention } from '../../conformance/test-attention.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, causal, compose, deltaRule, noMask, padding } from '../../index.ts'

const [heads, size, length] = [3, 2, 70]
const width = heads * size
const sample = sampleProjections({ heads, queries: length, size })
const kept = [0, 1].map((batch) => Array.from({ length }, (_, key) => key % 3 !== batch))

const betaWeight = sampleValues(heads * width, 4)
const betaBias = sampleValues(heads, 5)
const stepWeight = sampleValues(heads * width, 6)
const stepBias = sampleValues(heads, 7)
const logRate = sampleValues(heads, 8)

const gate = (weight: readonly number[], bias: readonly number[], input: readonly number[], head: number) =>
  dot(weight.slice(head * width, (head + 1) * width), input) + bias[head]!

/**
 * Equation 10 of Gated Delta Networks as it stands: `S_t = S_(t-1) (a (I - β k k')) + β v k'` with `S` `[value column][key column]`, and
 * the DeltaNet of `a = 1`; queries and keys of length 1, outputs over the root of their mean square.
 */
function byRule(gated: boolean, keeps: (batch: number, key: number) => boolean): number[] {
  const unit = (x: readonly number[]): number[] => x.map((entry) => entry / Math.sqrt(dot(x, x) + 1e-6))
  return sample.perHead((query, key, value, { batch, head }) => {
    let state = value[0]!.map(() => key[0]!.map(() => 0))
    return query.map((q, t) => {
      if (keeps(batch, t)) {
        const input = sample.keyInput(batch)[t]!
        const k = unit(key[t]!)
        const beta = 1 / (1 + Math.exp(-gate(betaWeight, betaBias, input, head)))
        const step = Math.log1p(Math.exp(gate(stepWeight, stepBias, input, head)))
        const left = gated ? Math.exp(-step * Math.exp(logRate[head]!)) : 1
        state = state.map((row, i) =>
          row.map((_, j) => {
            const kept = row.reduce(
              (total, x, l) => total + x * ((l === j ? 1 : 0) - beta * k[l]! * k[j]!),
              0,
            )
            return left * kept + beta * value[t]![i]! * k[j]!
          }),
        )
      }
      const mixed = state.map((row) => dot(row, unit(q)))
      return mixed.map((x) => x / Math.sqrt(dot(mixed, mixed) / mixed.length + 1e-5))
    })
  })
}

const parametersOf = (device: Device): Record<string, Record<string, Tensor>> => ({
  'delta-rule': {
    betaWeight: device.tensor(betaWeight, { shape: [heads, width] }),
    betaBias: device.tensor(betaBias),
    stepWeight: device.tensor(stepWeight, { shape: [heads, width] }),
    stepBias: device.tensor(stepBias),
    logRate: device.tensor(logRate, { shape: [heads, 1] }),
  },
})

for (const gated of [false, true]) {
  testIdea(() => deltaRule({ gated }), {
    test,
    ideas: [
      {
        title: `the state is corrected, gated: ${gated}`,
        call: (device) => ({ parameters: parametersOf(device) }),
        inputs: (device) => sample.inputs(device),
        expected: () => byRule(gated, () => true),
      },
      {
        title: `filled-up positions neither store nor fade, gated: ${gated}`,
        call: (device) => ({
          parameters: parametersOf(device),
          beside: [causal(), padding()],
          side: { padding: device.tensor(kept) },
        }),
        inputs: (device) => sample.inputs(device),
        expected: () => byRule(gated, (batch, key) => kept[batch]![key]!),
      },
    ],
  })
}

testAttention(() => deltaRule({ gated: true }), { test })

test('a key that comes again gets the new value', () => {
  const device = new TensorDevice(createReferenceBackend({ precision: 'float64' }))
  const rows = (values: readonly (readonly number[])[]): Tensor =>
    device.tensor(values.flat(), { shape: [1, 1, values.length, 2] })
  const key = rows([
    [1, 0],
    [0, 1],
    [1, 0],
  ])
  const value = rows([
    [1, 2],
    [5, 6],
    [-3, 4],
  ])
  const output = attendProjections(
    compose([deltaRule()]),
    { query: key, key, value },
    {
      mask: noMask,
      parameters: {
        'delta-rule': {
          betaWeight: device.tensor([0, 0], { shape: [1, 2] }),
          // All of what was stored is replaced.
          betaBias: device.tensor([40]),
        },
      },
    },
  ).readSync()
  // The last value alone, over the root of its mean square 12.5.
  expect(output[4]).toBeCloseTo(-3 / Math.sqrt(12.5), 5)
  expect(output[5]).toBeCloseTo(4 / Math.sqrt(12.5), 5)
})
