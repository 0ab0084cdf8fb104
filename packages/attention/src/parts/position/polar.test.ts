import { concat, createReferenceBackend, Device } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { rotaryInputs, scoredOutputs } from '../../testing/rotary-oracle.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, compose, CompositionError, noMask, polar, scaledDot } from '../../index.ts'

const sizes = { length: 5, headSize: 3 }
const phases = [-0.5, -2, -6]

/** The formula of the paper, with phases that may be out of their turn. */
const formula =
  (shifts: readonly number[]) =>
  (query: readonly number[], key: readonly number[], i: number, j: number): number => {
    const softplus = (x: number): number => Math.log(1 + Math.exp(x))
    let total = 0
    for (const [column, shift] of shifts.entries()) {
      const angle = (j - i) * 10000 ** (-column / 3) + shift
      total += softplus(query[column]!) * softplus(key[column]!) * Math.cos(angle)
    }
    return total / Math.sqrt(3)
  }

testIdea(() => polar(), {
  test,
  ideas: [
    {
      title: 'lengths are softplus, angles are positions, and phases are added',
      call: (device) => ({ parameters: { polar: { phases: device.tensor(phases, { shape: [1, 3] }) } } }),
      inputs: (device) => rotaryInputs(device, { ...sizes, frequencies: [] }),
      expected: () => scoredOutputs(sizes, formula(phases)),
    },
    {
      title: 'phases are kept between minus one turn and 0',
      call: (device) => ({
        parameters: { polar: { phases: device.tensor([1, -1, -9], { shape: [1, 3] }) } },
      }),
      inputs: (device) => rotaryInputs(device, { ...sizes, frequencies: [] }),
      expected: () => scoredOutputs(sizes, formula([0, -1, -2 * Math.PI])),
    },
  ],
})

test('query heads that share a key head share its phases', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const { query, key, value } = rotaryInputs(device, { ...sizes, frequencies: [] })
  const parameters = { polar: { phases: device.tensor(phases, { shape: [1, 3] }) } }
  const run = (heads: number): readonly number[] => {
    const queries = concat(new Array<typeof query>(heads).fill(query), { axis: 1 })
    const call = { mask: noMask, parameters }
    return [...attendProjections(compose([polar()]), { query: queries, key, value }, call).readSync()]
  }
  expect(mismatch(run(2), [...run(1), ...run(1)], { absolute: 1e-12, relative: 1e-12 })).toBeNull()
})

test('it scores by itself', () => {
  expect(() => compose([scaledDot(), polar()])).toThrow(CompositionError)
})

test('options that mean nothing are errors', () => {
  expect(() => polar({ base: Number.NaN })).toThrow("polar: 'base' is NaN, expected a number above 0.")
  expect(() => polar({ phases: 'none' as never })).toThrow(
    "polar: 'phases' is 'none', expected 'uniform' or 'zero'.",
  )
})
