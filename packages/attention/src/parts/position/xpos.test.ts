import { expect, test } from 'vitest'
import { rotaryInputs, scoredOutputs } from '../../testing/rotary-oracle.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { xpos } from '../../index.ts'

const sizes = { length: 6, headSize: 4 }

/** The relative form of the paper: it has neither positions nor a middle, only the distance. */
const formula =
  (scaleBase: number) =>
  (query: readonly number[], key: readonly number[], i: number, j: number): number => {
    let total = 0
    for (const pair of [0, 1]) {
      const [decay, angle] = [((2 * pair) / 4 + 0.4) / 1.4, (i - j) * 10000 ** ((-2 * pair) / 4)]
      const real = query[pair]! * key[pair]! + query[pair + 2]! * key[pair + 2]!
      const imaginary = query[pair + 2]! * key[pair]! - query[pair]! * key[pair + 2]!
      total += decay ** ((i - j) / scaleBase) * (real * Math.cos(angle) - imaginary * Math.sin(angle))
    }
    return total / 2
  }

const inputs = (device: Parameters<typeof rotaryInputs>[0]): ReturnType<typeof rotaryInputs> =>
  rotaryInputs(device, { ...sizes, frequencies: [] })

testIdea(() => xpos({ scaleBase: 4 }), {
  test,
  ideas: [
    {
      title: 'pairs decay by ζ to the distance over the scale base',
      inputs,
      expected: () => scoredOutputs(sizes, formula(4)),
    },
  ],
})

testIdea(() => xpos(), {
  test,
  ideas: [{ title: 'the scale base is 512', inputs, expected: () => scoredOutputs(sizes, formula(512)) }],
})

test('its factors stay within float32 for 60000 positions, and are an error where they do not', () => {
  const create = (maximumLength: number): Float64Array =>
    xpos().buffers!['scales']!.create({ width: 4, heads: 1, keyHeads: 1, headSize: 4, maximumLength })
      .data as Float64Array
  const factors = Float32Array.from(create(60000))
  expect(
    factors.every((factor) => factor > 0 && Number.isFinite(factor) && Number.isFinite(1 / factor)),
  ).toBe(true)
  expect(() => create(100000)).toThrow(
    "xpos: 'scaleBase' is 512, expected a larger one for 100000 positions: the factors of more than 69638 overflow. " +
      'Give a larger `scaleBase`, or build the model with a smaller `maximumLength`.',
  )
})

test('an odd head size and a scale base of 0 are errors', () => {
  const sizes = { width: 5, heads: 1, keyHeads: 1, headSize: 5, maximumLength: 4 }
  expect(() => xpos().buffers!['sines']!.create(sizes)).toThrow(
    "xpos: 'headSize' is 5, expected an even number",
  )
  expect(() => xpos({ scaleBase: 0 })).toThrow("xpos: 'scaleBase' is 0, expected a number above 0.")
})
