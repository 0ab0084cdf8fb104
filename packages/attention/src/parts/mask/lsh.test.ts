import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testAttention, testMask } from '../../conformance/index.ts'
import { attendProjections, causal, compose, lsh, noMask, scaledDot } from '../../index.ts'

testAttention(() => lsh({ buckets: 4, rounds: 2 }), { test })

const sizes = { width: 16, heads: 4, keyHeads: 2, headSize: 4, maximumLength: 8 }

/** The bucket of a vector in each round: argmax [xR; -xR], R of 4 rows and `buckets / 2` columns a round. */
function bucketsOf(
  x: readonly number[],
  rotations: ArrayLike<number>,
  buckets: number,
  rounds: number,
): number[] {
  const columns = (buckets / 2) * rounds
  return Array.from({ length: rounds }, (_, round) => {
    const rotated = Array.from({ length: buckets / 2 }, (_, column) => {
      let total = 0
      for (let row = 0; row < 4; row++)
        total += x[row]! * rotations[row * columns + (round * buckets) / 2 + column]!
      return total
    })
    const both = [...rotated, ...rotated.map((value) => -value)]
    return both.indexOf(Math.max(...both))
  })
}

const rotationsOf = (options: object): ArrayLike<number> =>
  lsh(options).buffers!['rotations']!.create(sizes).data

const one = { buckets: 4, rounds: 1, seed: 3 }
const three = { buckets: 6, rounds: 3, seed: 1 }

testMask(() => lsh(one), {
  test,
  cases: [
    {
      title: 'keeps the keys of the same bucket, and the own position',
      queries: 8,
      keys: 8,
      keeps({ entry, head, query, key }, vectors) {
        const rotations = rotationsOf(one)
        const [asking] = bucketsOf(vectors.query(entry, head, query), rotations, 4, 1)
        const [asked] = bucketsOf(vectors.key(entry, head, key), rotations, 4, 1)
        return query === key || asking === asked
      },
    },
  ],
})

testMask(() => lsh(three), {
  test,
  cases: [
    {
      title: 'with causal and cached keys, those before that share a bucket in one of three rounds',
      queries: 3,
      keys: 8,
      queryStart: 5,
      call: () => ({ beside: [causal()] }),
      keeps({ entry, head, query, key }, vectors) {
        const rotations = rotationsOf(three)
        const asking = bucketsOf(vectors.query(entry, head, query), rotations, 6, 3)
        const asked = bucketsOf(vectors.key(entry, head, key), rotations, 6, 3)
        return key <= query && (query === key || asking.some((bucket, round) => bucket === asked[round]))
      },
    },
  ],
})

test('vectors of one direction share every bucket, opposite ones none', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const direction = [0.3, -1.2, 0.7, 0.1]
  const scaled = [1, 5, -1, 0.01]
  const vectors = device.tensor(
    scaled.flatMap((factor) => direction.map((x) => x * factor)),
    { shape: [1, 1, 4, 4] },
  )
  let kept: number[] = []
  attendProjections(
    compose([scaledDot(), lsh({ rounds: 8 })]),
    { query: vectors, key: vectors, value: vectors },
    {
      mask: noMask,
      tap(site, tensor) {
        if (site === 'mask') kept = [...tensor.readSync()]
        return tensor
      },
    },
  )
  const same = scaled.flatMap((a) => scaled.map((b) => Number(Math.sign(a) === Math.sign(b))))
  expect(kept).toEqual(same)
})

test('the nearer two vectors are, the more often they share a bucket', () => {
  const count = 2000
  const rotations = rotationsOf({ buckets: 2, rounds: count, seed: 9 })
  const at = (angle: number): number[] =>
    bucketsOf([Math.cos(angle), Math.sin(angle), 0, 0], rotations, 2, count)
  const first = at(0)
  for (const angle of [0.3, 1, 2]) {
    const share = at(angle).filter((bucket, round) => bucket === first[round]).length / count
    // Two vectors are on one side of a random plane with probability 1 - angle / π.
    expect(Math.abs(share - (1 - angle / Math.PI))).toBeLessThan(0.04)
  }
})

test('rotations are the same for one seed, and others for another', () => {
  expect(rotationsOf({ seed: 4 })).toEqual(rotationsOf({ seed: 4 }))
  expect(rotationsOf({ seed: 4 })).not.toEqual(rotationsOf({ seed: 5 }))
})

test.each([
  [
    { buckets: 3 },
    "lsh: 'buckets' is 3, expected an even number. Each direction has one for either sign: use 4.",
  ],
  [{ buckets: 0 }, "lsh: 'buckets' is 0, expected a whole number of at least 2."],
  [{ rounds: 0 }, "lsh: 'rounds' is 0, expected a whole number of at least 1."],
  [{ seed: -1 }, "lsh: 'seed' is -1, expected a whole number of at least 0."],
])('%j is refused', (options, sentence) => {
  expect(() => lsh(options)).toThrow(sentence)
})
