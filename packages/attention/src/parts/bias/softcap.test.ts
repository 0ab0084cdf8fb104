import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { alibi, attendProjections, compose, noMask, scaledDot, softcap } from '../../index.ts'

const sample = handSample()

testIdea(() => softcap({ cap: 0.5 }), {
  test,
  ideas: [
    {
      title: 'scores are 0.5·tanh of twice themselves',
      inputs: sample.inputs,
      expected: () => sample.attend((place) => 0.5 * Math.tanh(2 * sample.scaledDot(place))),
    },
    {
      // Scores 1000 and 0 become 0.5 and 0, whose softmax gives the first key 1 / (1 + exp(-0.5)).
      title: 'however large a score is, it does not pass the cap',
      inputs: (device) => ({
        query: device.tensor([[[[1000]]]]),
        key: device.tensor([[[[1], [0]]]]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      expected: [0.6224593312018546],
    },
  ],
})

test('the cap is 50 unless said: a score of 100 becomes 50·tanh(2)', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const one = device.tensor([[[[10]]]])
  let score = 0
  attendProjections(
    compose([scaledDot(), softcap()]),
    { query: one, key: one, value: one },
    {
      mask: noMask,
      tap(site, tensor) {
        if (site === 'scores') score = tensor.readSync()[0]!
        return tensor
      },
    },
  )
  // tanh(2) = 0.9640275800758169
  expect(score).toBeCloseTo(48.20137900379085, 12)
})

test('it runs fused where nothing is added before', () => {
  expect(compose([scaledDot(), softcap(), alibi()]).unfusable).toBeUndefined()
  expect(compose([scaledDot(), alibi(), softcap()]).unfusable).toBe(
    "'softcap' caps what 'alibi' has added to",
  )
})

test.each([0, -1, Number.NaN, Infinity])('a cap of %s is none', (cap) => {
  expect(() => softcap({ cap })).toThrow(
    `softcap: 'cap' is ${cap}, expected a number above 0. Leave it out for the default.`,
  )
})
