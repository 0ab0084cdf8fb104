import type { Device, Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { dot } from '../../testing/by-loops.test-helper.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testAttention } from '../../conformance/test-attention.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, gatedLinear, padding } from '../../index.ts'

const [heads, size, length] = [3, 2, 70]
const width = heads * size
const sample = sampleProjections({ heads, queries: length, size })
const kept = [0, 1].map((batch) => Array.from({ length }, (_, key) => key % 3 !== batch))

const stepWeight = sampleValues(heads * width, 4)
const stepBias = sampleValues(heads, 5)
const logRate = sampleValues(heads, 6)
const decayDown = sampleValues(16 * width, 7)
const decayUp = sampleValues(width * 16, 8)
const decayBias = sampleValues(width, 9)

const row = (values: readonly number[], index: number, columns: number): number[] =>
  values.slice(index * columns, (index + 1) * columns)

/** Position by position: the state `[key column][value column]` fades, a key times its value is added, the query reads it. */
function byState(
  /** What is left of each key column, and how much of the key is added. */
  gateOf: (
    input: readonly number[],
    head: number,
  ) => { readonly left: readonly number[]; readonly step: number },
  keeps: (batch: number, key: number) => boolean,
): number[] {
  return sample.perHead((query, key, value, { batch, head }) => {
    const state = key[0]!.map(() => value[0]!.map(() => 0))
    return query.map((q, t) => {
      if (keeps(batch, t)) {
        const { left, step } = gateOf(sample.keyInput(batch)[t]!, head)
        for (const [i, entries] of state.entries()) {
          for (const j of entries.keys()) {
            entries[j] = entries[j]! * left[i]! + step * key[t]![i]! * value[t]![j]!
          }
        }
      }
      const mixed = value[0]!.map((_, j) => q.reduce((total, x, i) => total + x * state[i]![j]!, 0))
      return mixed.map((x) => x / Math.sqrt(dot(mixed, mixed) / mixed.length + 1e-5))
    })
  })
}

/** Mamba-2: `Δ = softplus(w·x + b)`, `a = exp(-Δ exp(logRate))`. */
const byHead: Parameters<typeof byState>[0] = (input, head) => {
  const step = Math.log1p(Math.exp(dot(row(stepWeight, head, width), input) + stepBias[head]!))
  const left = Math.exp(-step * Math.exp(logRate[head]!))
  return { left: new Array<number>(size).fill(left), step }
}

/** GLA, equation 4 and section 4.4: `a = σ(x W1 W2 + b)^(1 / 16)`. */
const byColumn: Parameters<typeof byState>[0] = (input, head) => {
  const low = Array.from({ length: 16 }, (_, index) => dot(row(decayDown, index, width), input))
  const left = Array.from({ length: size }, (_, column) => {
    const index = head * size + column
    return (1 / (1 + Math.exp(-dot(row(decayUp, index, 16), low) - decayBias[index]!))) ** (1 / 16)
  })
  return { left, step: 1 }
}

const parametersOf = (device: Device): Record<string, Record<string, Tensor>> => ({
  'gated-linear': {
    stepWeight: device.tensor(stepWeight, { shape: [heads, width] }),
    stepBias: device.tensor(stepBias),
    logRate: device.tensor(logRate, { shape: [heads, 1] }),
    decayDown: device.tensor(decayDown, { shape: [16, width] }),
    decayUp: device.tensor(decayUp, { shape: [width, 16] }),
    decayBias: device.tensor(decayBias),
  },
})

for (const [decay, gateOf] of [
  ['head', byHead],
  ['column', byColumn],
] as const) {
  testIdea(() => gatedLinear({ decay }), {
    test,
    ideas: [
      {
        title: `the state fades per ${decay}`,
        call: (device) => ({ parameters: parametersOf(device) }),
        inputs: (device) => sample.inputs(device),
        expected: () => byState(gateOf, () => true),
      },
      {
        title: `per ${decay}: filled-up positions neither add nor fade`,
        call: (device) => ({
          parameters: parametersOf(device),
          beside: [causal(), padding()],
          side: { padding: device.tensor(kept) },
        }),
        inputs: (device) => sample.inputs(device),
        expected: () => byState(gateOf, (batch, key) => kept[batch]![key]!),
      },
    ],
  })
}

testAttention(() => gatedLinear({ decay: 'column' }), { test })

test('bad options', () => {
  expect(() => gatedLinear({ decay: 'row' as never })).toThrow(
    "gated-linear: 'decay' is 'row', expected 'head' or 'column'. Leave it out for the default.",
  )
})
