import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { fire } from '../../index.ts'

const sample = handSample({ batch: 1, heads: 2, length: 6, size: 3 })
const hidden = 3
const [inner, innerBias] = [sampleValues(hidden, 4), sampleValues(hidden, 5)]
const [outer, outerBias] = [sampleValues(2 * hidden, 6), sampleValues(2, 7)]
const steepness = 0.7
// Queries from position 3 on see distances as a share of their own position.
const threshold = 2.5

function bias(head: number, distance: number, position: number): number {
  const reach = Math.max(threshold, position)
  const share = Math.log(steepness * distance + 1) / (Math.log(steepness * reach + 1) + 1e-6)
  let total = outerBias[head]!
  for (let unit = 0; unit < hidden; unit++) {
    total += outer[head * hidden + unit]! * Math.max(0, inner[unit]! * share + innerBias[unit]!)
  }
  return total
}

testIdea(() => fire({ hidden, threshold: 5 }), {
  test,
  ideas: [
    {
      title: 'adds what the network makes of the share of the distance',
      inputs: sample.inputs,
      call: (device) => ({
        parameters: {
          fire: {
            hiddenWeight: device.tensor(inner, { shape: [hidden, 1] }),
            hiddenBias: device.tensor(innerBias),
            outputWeight: device.tensor(outer, { shape: [2, hidden] }),
            outputBias: device.tensor(outerBias),
            // Their signs do not matter.
            steepness: device.tensor([-steepness], { shape: [] }),
            thresholdScale: device.tensor([threshold / 5], { shape: [] }),
          },
        },
      }),
      expected: () =>
        sample.attend(
          (place) =>
            sample.scaledDot(place) + bias(place.head, Math.abs(place.query - place.key), place.query),
        ),
    },
  ],
})

test.each([
  [{ hidden: 0 }, "'hidden' is 0, expected a whole number of at least 1"],
  [{ steepness: 0 }, "'steepness' is 0, expected a number above 0"],
  [{ threshold: Number.NaN }, "'threshold' is NaN, expected a number above 0"],
])('%o makes no network', (options, problem) => {
  expect(() => fire(options)).toThrow(`fire: ${problem}. Leave it out for the default.`)
})
