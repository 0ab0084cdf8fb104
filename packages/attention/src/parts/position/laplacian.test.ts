import { createReferenceBackend, Device, RandomStream, zeros } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testEmbeddingIdea } from '../../conformance/test-embedding-idea.ts'
import { compose, laplacian, PositionEmbedding, scaledDot } from '../../index.ts'

testEmbeddingIdea(() => laplacian({ count: 2 }), {
  test,
  ideas: [
    {
      // [1, 2]·C + c = [1·1 + 2·3, 1·2 + 2·4] + [100, 200], [-1, 0.5]·C + c = [0.5, 0] + [100, 200].
      title: 'adds a projection of each node',
      inputs: (device) => device.tensor([0, 0, 1000, 2000], { shape: [1, 2, 2] }),
      parameters: (device) => ({
        weight: device.tensor([1, 2, 3, 4], { shape: [2, 2] }),
        bias: device.tensor([100, 200]),
      }),
      side: (device) => ({ eigenvectors: device.tensor([1, 2, -1, 0.5], { shape: [1, 2, 2] }) }),
      expected: [107, 210, 1100.5, 2200],
    },
  ],
})

const device = new Device(createReferenceBackend({ precision: 'float64' }))

test('while training each eigenvector of each graph has a sign of its own, and else as it is given', () => {
  const positions = new PositionEmbedding(
    { device, random: new RandomStream(1) },
    compose([scaledDot(), laplacian({ count: 1 })]),
    { width: 1, heads: 1, keyHeads: 1, headSize: 1, maximumLength: 2 },
  )
  positions
    .parameters()
    .get('parts.laplacian.weight')!
    .assign(device.tensor([1], { shape: [1, 1] }))
  const graphs = 200
  const eigenvectors = device.tensor(new Array<number>(2 * graphs).fill(3), { shape: [graphs, 2, 1] })
  const embed = (): readonly number[] => [
    ...positions.forward(zeros(device, [graphs, 2, 1]), 0, { eigenvectors }).readSync(),
  ]
  expect(new Set(embed())).toEqual(new Set([3]))
  positions.train(new RandomStream(5))
  const drawn = embed()
  expect(new Set(drawn)).toEqual(new Set([-3, 3]))
  for (let graph = 0; graph < graphs; graph++) expect(drawn[2 * graph]).toBe(drawn[2 * graph + 1])
  const flipped = drawn.filter((value) => value < 0).length / drawn.length
  expect(flipped).toBeGreaterThan(0.35)
  expect(flipped).toBeLessThan(0.65)
  expect(embed()).not.toEqual(drawn)
})

test('it needs eigenvectors', () => {
  const positions = new PositionEmbedding(
    { device, random: new RandomStream(1) },
    compose([scaledDot(), laplacian({ count: 3 })]),
    { width: 1, heads: 1, keyHeads: 1, headSize: 1, maximumLength: 2 },
  )
  expect(() => positions.forward(zeros(device, [1, 2, 1]), 0)).toThrow(
    "laplacian: 'side.eigenvectors' is missing",
  )
  expect(() =>
    positions.forward(zeros(device, [1, 2, 1]), 0, { eigenvectors: zeros(device, [1, 2, 2]) }),
  ).toThrow(
    "laplacian: 'side.eigenvectors' is float32 [1, 2, 2], expected float32 [1, 2, 3], axes [batch, length, columns].",
  )
  expect(() => laplacian({ count: 0 })).toThrow(
    "laplacian: 'count' is 0, expected a whole number of at least 1.",
  )
})
