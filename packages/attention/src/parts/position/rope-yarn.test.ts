import { expect, test } from 'vitest'
import { rotaryInputs, rotaryOutputs } from '../../testing/rotary-oracle.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { ropeYarn, scaledFrequencies } from '../../index.ts'

testIdea(() => ropeYarn({ base: 100, factor: 4, originalLength: 64, betaFast: 4, betaSlow: 1 }), {
  test,
  ideas: [
    {
      title: 'fast pairs stay, slow ones are 4 times as slow, and all is 0.1 ln 4 + 1 as large',
      inputs: (device) => rotaryInputs(device, { length: 6, headSize: 8, frequencies: [] }),
      expected: () =>
        rotaryOutputs({
          length: 6,
          headSize: 8,
          frequencies: [1, 0.23717082451262847, 0.05, 0.007905694150420948],
          amplitude: 1.138629436111989,
        }),
    },
  ],
})

// _compute_yarn_parameters of Transformers, in torch.float64: d = 16, base 10000, factor 16, original length 2048.
const columns = [1, 0.31622776601683794, 0.1]
const slow = [6.25e-5, 1.976423537605237e-5]
test.each([
  [true, [...columns, 0.024211188335664154, 0.0053125, 0.0009388011803624875, ...slow]],
  [false, [...columns, 0.02193204625174946, 0.0038212144014117934, 0.00022354356208469382, ...slow]],
])('the frequencies are those of Transformers, truncate %o', (truncate, wanted) => {
  const { frequencies, attentionFactor } = scaledFrequencies(
    { kind: 'yarn', factor: 16, originalLength: 2048, truncate },
    { rotarySize: 16, base: 10000, maximumLength: 32768 },
  )
  for (const [pair, frequency] of wanted.entries()) expect(frequencies[pair]! / frequency).toBeCloseTo(1, 12)
  expect(attentionFactor).toBeCloseTo(1.2772588722239782, 12)
})

test('the original length is the maximum length over the factor unless said', () => {
  const model = { rotarySize: 16, base: 10000, maximumLength: 32768 }
  expect(scaledFrequencies({ kind: 'yarn', factor: 16 }, model)).toEqual(
    scaledFrequencies({ kind: 'yarn', factor: 16, originalLength: 2048 }, model),
  )
})

test('options that mean nothing are errors', () => {
  expect(() => ropeYarn({ factor: 0.5 })).toThrow(
    "rope-yarn: 'factor' is 0.5, expected a number of at least 1.",
  )
  expect(() => ropeYarn({ betaFast: 1 })).toThrow(
    "rope-yarn: 'betaFast' is 1, expected a number above 1. That is `betaSlow`: exchange the two.",
  )
})
