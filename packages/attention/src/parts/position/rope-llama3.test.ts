import { expect, test } from 'vitest'
import { rotaryInputs, rotaryOutputs } from '../../testing/rotary-oracle.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { ropeLlama3, scaledFrequencies } from '../../index.ts'

testIdea(() => ropeLlama3({ base: 100, factor: 8, originalLength: 64 }), {
  test,
  ideas: [
    {
      title: 'short waves stay, long ones are 8 times as slow, with a ramp between them',
      inputs: (device) => rotaryInputs(device, { length: 6, headSize: 8, frequencies: [] }),
      expected: () =>
        rotaryOutputs({
          length: 6,
          headSize: 8,
          frequencies: [1, 0.24438459943539836, 0.013042256043820465, 0.003952847075210474],
        }),
    },
  ],
})

test('the frequencies are those of Llama 3.1', () => {
  // _compute_llama3_parameters of Transformers, in torch.float64: d = 16, base 500000, factors 8, 1 and 4, length 8192.
  const wanted = [
    1, 0.19392274474868576, 0.03760603093086393, 0.0072926647372171085, 0.0005248461609929547,
    3.428102195952591e-5, 6.647869871181236e-6, 1.2891731721515574e-6,
  ]
  const model = { rotarySize: 16, base: 500000, maximumLength: 131072 }
  const { frequencies, attentionFactor } = scaledFrequencies({ kind: 'llama3' }, model)
  for (const [pair, frequency] of wanted.entries()) expect(frequencies[pair]! / frequency).toBeCloseTo(1, 12)
  expect(attentionFactor).toBe(1)
})

test('options that mean nothing are errors', () => {
  expect(() => ropeLlama3({ highFrequencyFactor: 1 })).toThrow(
    "rope-llama3: 'highFrequencyFactor' is 1, expected a number above 1. That is `lowFrequencyFactor`: exchange the two.",
  )
})
