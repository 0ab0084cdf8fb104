import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, causal, compose, fedformer, noMask } from '../../index.ts'

const sizes = { width: 6, heads: 2, keyHeads: 2, headSize: 3, maximumLength: 9 }

function frequenciesOf(
  options: { readonly modes?: number; readonly seed?: number },
  length: number,
): number[] {
  const { data } = fedformer(options).buffers!['frequencies']!.create({ ...sizes, maximumLength: length })
  return Array.from(data)
}

const matrices = (count: number, seed: number): number[] => sampleValues(sizes.heads * count * 9, seed)

function parametersOf(device: Device, count: number): Record<string, Record<string, Tensor>> {
  const shape = [sizes.heads, count, 3, 3]
  return {
    fedformer: {
      real: device.tensor(matrices(count, 4), { shape }),
      imaginary: device.tensor(matrices(count, 5), { shape }),
    },
  }
}

/** Equation 3 of the paper, by a full complex transform and its full inverse, in which dropped frequencies are zero. */
function byTransforms(length: number, frequencies: readonly number[]): number[] {
  const [real, imaginary] = [4, 5].map((seed) => matrices(frequencies.length, seed)) as [number[], number[]]
  return sampleProjections({ heads: 2, queries: length, size: 3 }).perHead(
    (query, _key, _value, { head }) => {
      // Of frequencies f and n - f, which is the conjugate.
      const spectrum = Array.from({ length }, () => [0, 1, 2].map(() => [0, 0] as [number, number]))
      for (const [mode, frequency] of frequencies.entries()) {
        for (const to of [0, 1, 2]) {
          const sum: [number, number] = [0, 0]
          for (const from of [0, 1, 2]) {
            const at = ((head * frequencies.length + mode) * 3 + from) * 3 + to
            for (const [t, row] of query.entries()) {
              const angle = (-2 * Math.PI * frequency * t) / length
              const [a, b] = [row[from]! * Math.cos(angle), row[from]! * Math.sin(angle)]
              sum[0] += a * real[at]! - b * imaginary[at]!
              sum[1] += a * imaginary[at]! + b * real[at]!
            }
          }
          // The transform of real numbers has no imaginary part where a frequency is its own negative.
          if (frequency === 0 || frequency === length / 2) sum[1] = 0
          spectrum[frequency]![to] = sum
          spectrum[(length - frequency) % length]![to] = [sum[0], frequency === 0 ? sum[1] : -sum[1]]
        }
      }
      return query.map((_row, t) =>
        [0, 1, 2].map((column) => {
          let total = 0
          for (const [frequency, columns] of spectrum.entries()) {
            const angle = (2 * Math.PI * frequency * t) / length
            total += columns[column]![0] * Math.cos(angle) - columns[column]![1] * Math.sin(angle)
          }
          return total / length
        }),
      )
    },
  )
}

for (const [length, modes] of [
  [7, 2],
  [8, 3],
  [8, 64],
] as const) {
  const options = { modes, seed: 2 }
  const frequencies = frequenciesOf(options, length)
  testIdea(() => fedformer(options), {
    test,
    ideas: [
      {
        title: `${frequencies.length} frequencies of ${length} positions`,
        call: (device) => ({ parameters: parametersOf(device, frequencies.length) }),
        inputs: (device) => sampleProjections({ heads: 2, queries: length, size: 3 }).inputs(device),
        expected: () => byTransforms(length, frequencies),
      },
    ],
  })
}

test('with all frequencies and matrices of one it gives back the queries', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const { inputs } = sampleProjections({ heads: 2, queries: 8, size: 3 })
  const shape = [2, 5, 3, 3]
  const projected = inputs(device)
  const output = attendProjections(compose([fedformer()]), projected, {
    mask: noMask,
    parameters: {
      fedformer: {
        real: device.tensor(
          Array.from({ length: 90 }, (_, index) => Number((index % 9) % 4 === 0)),
          { shape },
        ),
        imaginary: device.tensor(new Array<number>(90).fill(0), { shape }),
      },
    },
  })
  const wanted = Array.from(projected.query.readSync())
  expect(mismatch(output.readSync(), wanted, { absolute: 1e-12, relative: 1e-10 })).toBeNull()
})

test('frequencies follow from the seed, and all are taken where there are no more', () => {
  expect(frequenciesOf({}, 9)).toEqual([0, 1, 2, 3, 4])
  const few = frequenciesOf({ modes: 8 }, 100)
  expect(frequenciesOf({ modes: 8 }, 100)).toEqual(few)
  expect(frequenciesOf({ modes: 8, seed: 1 }, 100)).not.toEqual(few)
  expect(new Set(few).size).toBe(8)
  expect(Math.max(...few)).toBeLessThanOrEqual(50)
})

test('what it cannot be, and bad options', () => {
  expect(() => compose([fedformer(), causal()])).toThrow(
    "'fedformer' is composed with 'causal', but each frequency is a sum over all positions",
  )
  expect(() => fedformer({ modes: 0 })).toThrow(
    "fedformer: 'modes' is 0, expected a whole number of at least 1. Leave it out for the default.",
  )
  expect(() => fedformer({ seed: -1 })).toThrow(
    "fedformer: 'seed' is -1, expected a whole number of at least 0. Leave it out for the default.",
  )
})
