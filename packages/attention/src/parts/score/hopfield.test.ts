import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testAttention } from '../../conformance/test-attention.ts'
import { type Idea, testIdea } from '../../conformance/test-idea.ts'
import {
  alibi,
  attendProjections,
  causal,
  compose,
  hopfield,
  noMask,
  padding,
  type Projected,
} from '../../index.ts'

testAttention(() => hopfield({ steps: 1 }), { test })
testAttention(() => hopfield({ steps: 3, trained: true }), { test })

/** Two patterns, 1 and -1, whose values are 1 and 0; with them the mean of a state x is tanh(β x). */
const inputs =
  (query: number) =>
  (device: Device): Projected => ({
    query: device.tensor([[[[query]]]]),
    key: device.tensor([[[[1], [-1]]]]),
    value: device.tensor([[[[1], [0]]]]),
  })

/** Weight of the pattern 1 after updates of the state: the logistic of 2 β x. */
function retrieved(query: number, beta: number, steps: number): number {
  let state = query
  for (let step = 1; step < steps; step++) state = Math.tanh(beta * state)
  return 1 / (1 + Math.exp(-2 * beta * state))
}

const idea = (beta: number, steps: number): Idea => ({
  title: `β ${beta} and ${steps} steps move a state x to tanh(β x)`,
  inputs: inputs(0.3),
  expected: [retrieved(0.3, beta, steps)],
})

testIdea(() => hopfield({ beta: 2, steps: 1 }), { test, ideas: [idea(2, 1)] })
testIdea(() => hopfield({ beta: 2, steps: 3 }), {
  test,
  ideas: [
    idea(2, 3),
    {
      // With the third pattern, 1 once more, in any step, the state is nearer to 1.
      title: 'each step obeys the masks',
      call: (device) => ({ beside: [padding()], side: { padding: device.tensor([[true, true, false]]) } }),
      inputs: (device) => ({
        ...inputs(-0.3)(device),
        key: device.tensor([[[[1], [-1], [1]]]]),
        value: device.tensor([[[[1], [0], [0]]]]),
      }),
      expected: [retrieved(-0.3, 2, 3)],
    },
  ],
})
testIdea(() => hopfield({ beta: 0.5, steps: 2, trained: true }), {
  test,
  ideas: [
    {
      ...idea(1.5, 2),
      title: 'a trained β is the first one times the exponential of its parameter',
      call: (device) => ({ parameters: { hopfield: { logBeta: device.tensor([Math.log(3)]) } } }),
    },
  ],
})

function attend(query: number, beta: number, steps: number): number {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const output: Tensor = attendProjections(compose([hopfield({ beta, steps })]), inputs(query)(device), {
    mask: noMask,
  })
  return output.readSync()[0]!
}

test('a part of a pattern is completed where patterns are told apart, and fades to the mean where not', () => {
  expect(attend(0.2, 1, 1)).toBeLessThan(0.6)
  // x = tanh(3 x) has the solutions ±0.9949, x = tanh(0.5 x) has only 0.
  expect(attend(0.2, 3, 20)).toBeCloseTo(1 / (1 + Math.exp(-6 * 0.994_917_5)), 6)
  expect(attend(0.2, 0.5, 40)).toBeCloseTo(0.5, 9)
})

test('one step runs fused beside other parts, more have no score matrix for them', () => {
  expect(compose([hopfield({ steps: 1 }), alibi(), causal()]).unfusable).toBeUndefined()
  expect(() => compose([hopfield({ steps: 2 }), alibi()])).toThrow("'hopfield' has no score matrix")
})

test('options that make no memory are refused', () => {
  for (const beta of [0, -1, Number.NaN]) {
    expect(() => hopfield({ beta })).toThrow(
      `hopfield: 'beta' is ${beta}, expected a number above 0. Leave it out for the default.`,
    )
  }
  for (const steps of [0, 1.5, Infinity]) {
    expect(() => hopfield({ steps })).toThrow(
      `hopfield: 'steps' is ${steps}, expected a whole number of at least 1. Leave it out for the default.`,
    )
  }
})
