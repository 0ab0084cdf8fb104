import { createReferenceBackend, Device } from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dot, mixRows, type Rows, softmaxOf } from '../../testing/by-loops.test-helper.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, causal, compose, informer, noMask, padding } from '../../index.ts'

const [length, size] = [9, 4]
const sample = sampleProjections({ heads: 4, keyHeads: 2, queries: length, size })
const crossed = sampleProjections({ heads: 2, queries: 6, keys: length, size })

/** How many queries attend, and how many keys each is measured by. */
const chosen = (factor: number, of: number): number =>
  Math.min(of, Math.max(1, Math.ceil(factor * Math.log(of))))

function drawsOf(factor: number): number[][] {
  const sizes = { width: 16, heads: 4, keyHeads: 2, headSize: size, maximumLength: length }
  const { shape, data } = informer({ factor }).buffers!['draws']!.create(sizes)
  const [rows, columns] = shape as [number, number]
  return Array.from({ length: rows }, (_, row) =>
    Array.from(data.slice(row * columns, row * columns + chosen(factor, length))),
  )
}

const score = (q: readonly number[], k: readonly number[]): number => dot(q, k) / Math.sqrt(size)

/** Equation 4 of the paper over the drawn keys: the largest score minus the mean. */
function measures(query: Rows, key: Rows, factor: number, available: (query: number) => number): number[] {
  const draws = drawsOf(factor)
  return query.map((q, i) => {
    const scores = draws[i]!.map((draw) => score(q, key[Math.floor(draw * available(i))]!))
    return Math.max(...scores) - scores.reduce((total, x) => total + x, 0) / scores.length
  })
}

const mean = (rows: Rows): number[] => mixRows(new Array<number>(rows.length).fill(1 / rows.length), rows)
const attend = (q: readonly number[], key: Rows, value: Rows): number[] =>
  mixRows(softmaxOf(key.map((k) => score(q, k))), value)

function all(of: typeof sample, factor: number): number[] {
  return of.perHead((query, key, value) => {
    const measured = measures(query, key, factor, () => key.length)
    const limit = measured.toSorted((a, b) => b - a)[chosen(factor, query.length) - 1]!
    return query.map((q, i) => (measured[i]! >= limit ? attend(q, key, value) : mean(value)))
  })
}

function earlier(factor: number): number[] {
  return sample.perHead((query, key, value) => {
    const measured = measures(query, key, factor, (i) => i + 1)
    return query.map((q, i) => {
      const ahead = measured.slice(0, i).filter((other) => other > measured[i]!).length
      const [keys, values] = [key.slice(0, i + 1), value.slice(0, i + 1)]
      return ahead < chosen(factor, i + 1) ? attend(q, keys, values) : mean(values)
    })
  })
}

// With the factor 1, ⌈ln 9⌉ = 3 of 9 queries attend; ⌈ln 6⌉ = 2 of 6.
testIdea(() => informer({ factor: 1 }), {
  test,
  ideas: [
    {
      title: 'queries that stand out attend, the others get the mean',
      inputs: (device) => sample.inputs(device),
      expected: () => all(sample, 1),
    },
    {
      title: 'between two sequences',
      inputs: (device) => crossed.inputs(device),
      expected: () => all(crossed, 1),
    },
    {
      title: 'with causal, queries that stand out among those so far attend, the others get the mean so far',
      call: () => ({ beside: [causal()] }),
      inputs: (device) => sample.inputs(device),
      expected: () => earlier(1),
    },
  ],
})

test('some queries attend, and some get the mean', () => {
  const values = sample.perHead((_query, _key, value) => value.map(() => mean(value)))
  const same = all(sample, 1).filter((x, index) => Math.abs(x - values[index]!) < 1e-12)
  expect(same).toHaveLength(2 * 4 * (9 - 3) * size)
})

test('with causal, whatever the length, later positions do not decide who attends', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const sizes = fc.record({
    queries: fc.integer({ min: 2, max: 24 }),
    factor: fc.constantFrom(0.5, 1, 3),
    changed: fc.nat(),
  })
  fc.assert(
    fc.property(sizes, ({ queries, factor, changed }) => {
      const position = 1 + (changed % (queries - 1))
      const { query, key, value } = sampleProjections({ batch: 1, heads: 1, queries, size }).inputs(device)
      const after = (x: typeof query): typeof query =>
        device.tensor(
          Array.from(x.readSync(), (entry, index) => (index < position * size ? entry : 4 - 9 * entry)),
          { shape: x.shape },
        )
      const run = (projected: Parameters<typeof attendProjections>[1]): number[] => {
        const composition = compose([informer({ factor }), causal()])
        const output = attendProjections(composition, projected, { mask: noMask }).readSync()
        return Array.from(output).slice(0, position * size)
      }
      device.scoped(() => {
        const changed = { query: after(query), key: after(key), value: after(value) }
        expect(run(changed)).toEqual(run({ query, key, value }))
      })
    }),
    { numRuns: 40 },
  )
})

test('what it cannot be, and bad options', () => {
  expect(() => compose([informer(), padding()])).toThrow(
    "'informer' is composed with 'padding', but filled-up queries would take the place of others among those that attend",
  )
  expect(() => informer({ factor: -1 })).toThrow(
    "informer: 'factor' is -1, expected a number above 0. Leave it out for the default.",
  )
  expect(() => informer({ seed: Number.NaN })).toThrow(
    "informer: 'seed' is NaN, expected a whole number of at least 0. Leave it out for the default.",
  )
})
