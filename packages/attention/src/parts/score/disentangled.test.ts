import type { Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { type Idea, testIdea } from '../../conformance/test-idea.ts'
import { sampleValues } from '../../conformance/sample-values.ts'
import { dot } from '../../testing/by-loops.test-helper.ts'
import { disentangled } from '../../index.ts'

const [batch, heads, length, size, distance] = [2, 2, 4, 3, 2]
const width = heads * size

const count = batch * heads * length * size
const [query, key, value] = [sampleValues(count, 1), sampleValues(count, 2), sampleValues(count, 3)]
const [relative, queryProjection, keyProjection] = [
  sampleValues(2 * distance * width, 4),
  sampleValues(width * width, 5),
  sampleValues(width * width, 6),
]

/** Equations 2 to 4 of the paper, position by position. */
function byEquation(): number[] {
  const delta = (from: number, to: number): number => {
    if (from - to <= -distance) return 0
    return from - to >= distance ? 2 * distance - 1 : from - to + distance
  }
  const relativeAs = (projection: readonly number[], row: number, head: number): number[] =>
    Array.from({ length: size }, (_, column) => {
      let total = 0
      for (let inner = 0; inner < width; inner++)
        total += relative[row * width + inner]! * projection[inner * width + head * size + column]!
      return total
    })
  const output: number[] = []
  for (let entry = 0; entry < batch; entry++) {
    for (let head = 0; head < heads; head++) {
      const row = (from: readonly number[], at: number): number[] => {
        const first = ((entry * heads + head) * length + at) * size
        return from.slice(first, first + size)
      }
      for (let from = 0; from < length; from++) {
        const exponentials = Array.from({ length }, (_, to) => {
          const content = dot(row(query, from), row(key, to))
          const position = dot(row(query, from), relativeAs(keyProjection, delta(from, to), head))
          const asked = dot(row(key, to), relativeAs(queryProjection, delta(to, from), head))
          return Math.exp((content + position + asked) / Math.sqrt(3 * size))
        })
        const total = exponentials.reduce((sum, term) => sum + term, 0)
        for (let column = 0; column < size; column++) {
          const mixed = exponentials.reduce((sum, term, to) => sum + term * row(value, to)[column]!, 0)
          output.push(mixed / total)
        }
      }
    }
  }
  return output
}

const idea: Idea = {
  title: 'content to content, content to position and position to content',
  call: (device) => ({
    parameters: {
      disentangled: {
        relative: device.tensor(relative, { shape: [2 * distance, width] }),
        queryProjection: device.tensor(queryProjection, { shape: [width, width] }),
        keyProjection: device.tensor(keyProjection, { shape: [width, width] }),
      },
    },
  }),
  inputs: (device) => {
    const tensor = (data: readonly number[]): Tensor =>
      device.tensor([...data], { shape: [batch, heads, length, size] })
    return { query: tensor(query), key: tensor(key), value: tensor(value) }
  },
  expected: byEquation,
}

testIdea(() => disentangled({ distance }), { test, ideas: [idea] })

test('the table has two rows per distance, 512 at most, and none for a distance that is no number of tokens', () => {
  const sizes = { width: 8, heads: 2, keyHeads: 2, headSize: 4 }
  const rows = (maximumLength: number): readonly number[] =>
    disentangled().parameters!['relative']!.shape({ ...sizes, maximumLength })
  expect([rows(9), rows(2048)]).toEqual([
    [18, 8],
    [1024, 8],
  ])
  for (const distance of [0, -1, 1.5, Number.NaN]) {
    expect(() => disentangled({ distance })).toThrow(
      `disentangled: 'distance' is ${distance}, expected a whole number of at least 1. ` +
        'Leave it out for the default.',
    )
  }
})
