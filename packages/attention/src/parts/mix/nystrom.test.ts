import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { dot, mixRows, type Rows, softmaxOf } from '../../testing/by-loops.test-helper.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, causal, compose, noMask, nystrom, padding } from '../../index.ts'

const sample = sampleProjections({ heads: 4, keyHeads: 2, queries: 7, size: 4, valueSize: 3 })

/** Segments of 7 positions in two: `floor(2 position / 7)` is 0 for the first four. */
const segments = [
  [0, 1, 2, 3],
  [4, 5, 6],
]
const kept = [
  [true, false, true, false, true, true, false],
  // The first segment has no real position at all: one landmark is left.
  [false, false, false, false, true, true, true],
]

const meanOf = (rows: Rows): number[] => mixRows(new Array<number>(rows.length).fill(1 / rows.length), rows)
const weightsOf = (q: readonly number[], keys: Rows): number[] => softmaxOf(keys.map((k) => dot(q, k) / 2))

/** The inverse by its closed form, of one or two rows. */
function inverse(matrix: Rows): number[][] {
  if (matrix.length === 1) return [[1 / matrix[0]![0]!]]
  const [[a, b], [c, d]] = matrix as [[number, number], [number, number]]
  const determinant = a * d - b * c
  return [
    [d / determinant, -b / determinant],
    [-c / determinant, a / determinant],
  ]
}

/** Equation 13 of the paper, with two landmarks and the inverse in the place of the pseudo-inverse. */
function byLandmarks(keeps: (batch: number, position: number) => boolean): number[] {
  return sample.perHead((query, key, value, { batch }) => {
    const real = segments.map((segment) => segment.filter((position) => keeps(batch, position)))
    const pick = (rows: Rows): number[][] =>
      real.filter((segment) => segment.length > 0).map((segment) => meanOf(segment.map((at) => rows[at]!)))
    const all = real.flat()
    const [queryMarks, keyMarks] = [pick(query), pick(key)]
    const between = inverse(queryMarks.map((q) => weightsOf(q, keyMarks)))
    const gathered = queryMarks.map((q) =>
      mixRows(
        weightsOf(
          q,
          all.map((at) => key[at]!),
        ),
        all.map((at) => value[at]!),
      ),
    )
    return query.map((q) => mixRows(mixRows(weightsOf(q, keyMarks), between), gathered))
  })
}

testIdea(() => nystrom({ landmarks: 2, iterations: 40 }), {
  test,
  ideas: [
    {
      title: 'two landmarks, which have a closed inverse',
      inputs: (device) => sample.inputs(device),
      expected: () => byLandmarks(() => true),
    },
    {
      title: 'means of real positions only, and no landmark of a segment without one',
      call: (device) => ({ beside: [padding()], side: { padding: device.tensor(kept) } }),
      inputs: (device) => sample.inputs(device),
      expected: () => byLandmarks((batch, position) => kept[batch]![position]!),
    },
  ],
})

testIdea(() => nystrom({ landmarks: 1, iterations: 1 }), {
  test,
  ideas: [
    {
      // With one landmark the inverse is 1 / 1, which any number of steps leaves.
      title: 'one landmark: all queries get what the mean query gets',
      inputs: (device) => sample.inputs(device),
      expected: () =>
        sample.perHead((query, key, value) => {
          const mixed = mixRows(weightsOf(meanOf(query), key), value)
          return query.map(() => mixed)
        }),
    },
  ],
})

test('with a landmark for each position it tends to softmax attention', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const small = sampleProjections({ heads: 2, queries: 4, size: 4 })
  const wanted = small.perHead((query, key, value) => query.map((q) => mixRows(weightsOf(q, key), value)))
  const error = (iterations: number): number => {
    const composition = compose([nystrom({ iterations })])
    const output = attendProjections(composition, small.inputs(device), { mask: noMask }).readSync()
    return Math.max(...wanted.map((x, index) => Math.abs(x - output[index]!)))
  }
  expect(error(20)).toBeLessThan(1e-12)
  expect(error(6)).toBeLessThan(error(3) / 2)
})

test('bad options', () => {
  expect(() => nystrom({ landmarks: 0 })).toThrow(
    "nystrom: 'landmarks' is 0, expected a whole number of at least 1. Leave it out for the default.",
  )
  expect(() => nystrom({ iterations: 1.5 })).toThrow(
    "nystrom: 'iterations' is 1.5, expected a whole number of at least 1. Leave it out for the default.",
  )
  expect(() => compose([nystrom(), causal()])).toThrow(
    "'nystrom' is composed with 'causal', but each landmark is a mean over a segment, which has later positions",
  )
})
