import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { dot } from '../../testing/by-loops.test-helper.ts'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, compose, noMask, scaledDot, transformerXl } from '../../index.ts'

const sample = handSample({ batch: 2, heads: 2, length: 4, size: 2 })
const width = 4
const [map, keyWanted, distanceWanted] = [
  sampleValues(width * width, 5),
  sampleValues(4, 6),
  sampleValues(4, 7),
]

/** Sines, then cosines, of the distance over 1 and over 100. */
function sinusoid(distance: number): number[] {
  return [Math.sin(distance), Math.sin(distance / 100), Math.cos(distance), Math.cos(distance / 100)]
}

/** The columns of a head of the mapped sinusoid. */
function mapped(head: number, distance: number): number[] {
  return [0, 1].map((column) =>
    dot(
      sinusoid(distance),
      [0, 1, 2, 3].map((row) => map[row * width + head * 2 + column]!),
    ),
  )
}

testIdea(() => transformerXl(), {
  test,
  ideas: [
    {
      title: 'four products: of content, of distance, and of what is wanted of each',
      inputs: sample.inputs,
      call: (device) => ({
        parameters: {
          'transformer-xl': {
            distances: device.tensor(map, { shape: [width, width] }),
            keyWanted: device.tensor(keyWanted, { shape: [2, 2] }),
            distanceWanted: device.tensor(distanceWanted, { shape: [2, 2] }),
          },
        },
      }),
      expected: () =>
        sample.attend(({ batch, head, query, key }) => {
          const asking = sample.query(batch, head, query)
          const asked = sample.key(batch, head, key)
          const distance = mapped(head, query - key)
          const wanted = (numbers: readonly number[]): number[] => numbers.slice(head * 2, head * 2 + 2)
          const total =
            dot(asking, asked) +
            dot(asking, distance) +
            dot(wanted(keyWanted), asked) +
            dot(wanted(distanceWanted), distance)
          return total / Math.sqrt(2)
        }),
    },
  ],
})

test('positions end at the maximum length', () => {
  const device = new Device(createReferenceBackend())
  const part = transformerXl()
  const sizes = { width: 4, heads: 2, keyHeads: 2, headSize: 2, maximumLength: 3 }
  const short = {
    ...part,
    buffers: {
      sinusoids: { ...part.buffers!['sinusoids']!, create: () => part.buffers!['sinusoids']!.create(sizes) },
    },
    bias: (...[context, ...rest]: Parameters<NonNullable<typeof part.bias>>) =>
      part.bias!({ ...context, maximumLength: 3 }, ...rest),
  }
  const parameters = {
    'transformer-xl': {
      distances: device.tensor(map, { shape: [4, 4] }),
      keyWanted: device.tensor(keyWanted, { shape: [2, 2] }),
      distanceWanted: device.tensor(distanceWanted, { shape: [2, 2] }),
    },
  }
  expect(() =>
    attendProjections(compose([scaledDot(), short]), sample.inputs(device), { mask: noMask, parameters }),
  ).toThrow(
    "transformer-xl: 'query' reaches position 3, expected positions below the model's maximum length 3.",
  )
})
