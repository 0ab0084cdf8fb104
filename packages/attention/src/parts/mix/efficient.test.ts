import { expect, test } from 'vitest'
import { mixRows, softmaxOf } from '../../testing/by-loops.test-helper.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, compose, efficient, padding } from '../../index.ts'

const sample = sampleProjections({ heads: 4, keyHeads: 2, queries: 3, keys: 5, size: 4, valueSize: 2 })
const kept = [
  [true, true, false, true, true],
  [false, false, false, false, false],
]

/** Equation 6 of the paper: a softmax over the columns of each query, and over the kept rows of each column of the keys. */
function byMaps(keeps: (batch: number, key: number) => boolean): number[] {
  return sample.perHead((query, key, value, { batch }) => {
    const real = key.map((_, row) => row).filter((row) => keeps(batch, row))
    const gathered = key[0]!.map((_, column) =>
      real.length === 0
        ? value[0]!.map(() => 0)
        : mixRows(
            softmaxOf(real.map((row) => key[row]![column]!)),
            real.map((row) => value[row]!),
          ),
    )
    return query.map((row) => mixRows(softmaxOf(row), gathered))
  })
}

testIdea(() => efficient(), {
  test,
  ideas: [
    {
      title: 'queries mix what the columns of the keys gather',
      inputs: (device) => sample.inputs(device),
      expected: () => byMaps(() => true),
    },
    {
      title: 'filled-up keys are left out; with no other, the output is zero',
      call: (device) => ({ beside: [padding()], side: { padding: device.tensor(kept) } }),
      inputs: (device) => sample.inputs(device),
      expected: () => byMaps((batch, row) => kept[batch]![row]!),
    },
  ],
})

test('it reads every position', () => {
  expect(() => compose([efficient(), causal()])).toThrow(
    "'efficient' is composed with 'causal', but the softmax over the positions of a column reads all of them",
  )
})
