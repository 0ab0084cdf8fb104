import { expect, test } from 'vitest'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { type Idea, testIdea } from '../../conformance/test-idea.ts'
import { compose, kerple, scaledDot } from '../../index.ts'

const sample = handSample()
// By head: r1, and r2 of each form.
const steepness = [0.75, 2]
const bend = [3, 0.5]
const exponents = [0.4, 1.7]

const idea = (
  title: string,
  bends: readonly number[],
  fall: (distance: number, head: number) => number,
): Idea => ({
  title,
  inputs: sample.inputs,
  call: (device) => ({
    parameters: { kerple: { steepness: device.tensor(steepness.map(Math.log)), bend: device.tensor(bends) } },
  }),
  expected: () =>
    sample.attend((place) => sample.scaledDot(place) - fall(Math.abs(place.query - place.key), place.head)),
})

testIdea(() => kerple(), {
  test,
  ideas: [
    idea(
      'scores fall with the logarithm of the distance',
      bend.map(Math.log),
      (distance, head) => steepness[head]! * Math.log(1 + bend[head]! * distance),
    ),
  ],
})

testIdea(() => kerple({ form: 'power' }), {
  test,
  ideas: [
    idea(
      'scores fall with a power of the distance',
      // The exponent is 2·sigmoid(x): x = log(r / (2 - r)).
      exponents.map((exponent) => Math.log(exponent / (2 - exponent))),
      (distance, head) => steepness[head]! * distance ** exponents[head]!,
    ),
  ],
})

test('both forms run fused', () => {
  expect(compose([scaledDot(), kerple()]).unfusable).toBeUndefined()
  expect(compose([scaledDot(), kerple({ form: 'power' })]).unfusable).toBeUndefined()
})

test('there is no other form', () => {
  expect(() => kerple({ form: 'linear' as 'power' })).toThrow(
    "kerple: 'form' is 'linear', expected 'logarithmic' or 'power'. Leave it out for the default.",
  )
})
