import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { t5Bias } from '../../index.ts'

const sample = handSample({ batch: 2, heads: 2, length: 6, size: 3 })
const table = sampleValues(8 * 2, 7)

// Eight buckets, four to each side: distances 0 and 1 alone, then a logarithmic step at 2·sqrt(8/2) = 4 until 8. In the order
// of the offsets key - query from -5 to 5; bucket 4 would be distance 0 to the right.
const buckets = [3, 3, 2, 2, 1, 0, 5, 6, 6, 7, 7]

testIdea(() => t5Bias({ buckets: 8, maximumDistance: 8 }), {
  test,
  ideas: [
    {
      title: 'adds the number of the bucket of the offset, by head',
      inputs: sample.inputs,
      call: (device) => ({ parameters: { 't5-bias': { table: device.tensor(table, { shape: [8, 2] }) } } }),
      expected: () =>
        sample.attend(
          (place) => sample.scaledDot(place) + table[buckets[place.key - place.query + 5]! * 2 + place.head]!,
        ),
    },
  ],
})

test.each([
  [{ buckets: 3 }, "'buckets' is 3, expected a whole number of at least 4"],
  [{ buckets: 1, bidirectional: false }, "'buckets' is 1, expected a whole number of at least 2"],
  [{ maximumDistance: 8 }, "'maximumDistance' is 8, expected a whole number of at least 9"],
  [{ maximumDistance: Number.NaN }, "'maximumDistance' is NaN, expected a whole number of at least 9"],
])('%o cannot be buckets', (options, problem) => {
  expect(() => t5Bias(options)).toThrow(`t5-bias: ${problem}. Leave it out for the default.`)
})
