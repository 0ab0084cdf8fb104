import { expect, test } from 'vitest'
import { rotaryInputs, rotaryOutputs } from '../../testing/rotary-oracle.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { ropeLongrope, scaledFrequencies } from '../../index.ts'

testIdea(() => ropeLongrope({ factor: 4, originalLength: 4, longFactors: [1, 1.5, 3, 4] }), {
  test,
  ideas: [
    {
      title: 'each pair has its factor, and all is √(1 + ln 4 / ln 4) as large',
      inputs: (device) => rotaryInputs(device, { length: 6, headSize: 8, frequencies: [] }),
      expected: () =>
        rotaryOutputs({
          length: 6,
          headSize: 8,
          frequencies: [1, 1 / 15, 1 / 300, 1 / 4000],
          amplitude: Math.SQRT2,
        }),
    },
  ],
})

const model = { rotarySize: 8, base: 10000, maximumLength: 131072 }

test('a model that is not longer takes the short factors, with the same attention factor', () => {
  // √(1 + ln 32 / ln 4096), as _compute_longrope_parameters of Transformers has it.
  const scaling = { kind: 'longrope', factor: 32, originalLength: 4096, shortFactors: [1, 1, 2, 5] } as const
  const { frequencies, attentionFactor } = scaledFrequencies(scaling, { ...model, maximumLength: 4096 })
  for (const [pair, frequency] of [1, 0.1, 0.005, 0.0002].entries())
    expect(frequencies[pair]).toBeCloseTo(frequency, 14)
  expect(attentionFactor).toBeCloseTo(1.1902380714238083, 12)
})

test('without factors of its own it slows down every pair alike', () => {
  const { frequencies } = scaledFrequencies({ kind: 'longrope', factor: 32, originalLength: 4096 }, model)
  expect(frequencies[3]).toBeCloseTo(0.001 / 32, 14)
})

test('factors that do not fit are errors', () => {
  const sizes = { width: 8, heads: 1, keyHeads: 1, headSize: 8, maximumLength: 9 }
  expect(() => ropeLongrope({ longFactors: [1, 2] }).buffers!['sines']!.create(sizes)).toThrow(
    "rope-longrope: 'longFactors' has 2 factors, expected 4, one for each two of the 8 columns that turn. " +
      'Take those that were searched for this head size.',
  )
  expect(() => ropeLongrope({ longFactors: [1, 0] })).toThrow(
    "rope-longrope: 'longFactors[1]' is 0, expected a number above 0.",
  )
})
