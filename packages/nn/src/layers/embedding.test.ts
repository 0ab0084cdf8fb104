import { createReferenceBackend, Device, mul, RandomStream, sum, type Tensor } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { Embedding, Linear, moduleValueAndGrad, Parameter, tied } from '../index.ts'

const device = new Device(createReferenceBackend())
const initialization = { device, random: new RandomStream(1) }

function ids(values: readonly number[], shape: readonly number[]): Tensor {
  return device.tensor(new Int32Array(values), { shape })
}

test('looks rows up', async () => {
  const layer = new Embedding(initialization, { vocabularySize: 4, width: 3 })
  const table = await layer.table.value.read()
  const y = layer.forward(ids([3, 0, 3, 1], [2, 2]))
  expect(y.shape).toEqual([2, 2, 3])
  const expected = [3, 0, 3, 1].flatMap((id) => Array.from(table.subarray(id * 3, id * 3 + 3)))
  expect([...(await y.read())]).toEqual(expected)
})

test('multiplies by the square root of the width', async () => {
  const plain = new Embedding({ device, random: new RandomStream(2) }, { vocabularySize: 3, width: 16 })
  const scaled = new Embedding(
    { device, random: new RandomStream(2) },
    { vocabularySize: 3, width: 16, scale: 'sqrt-width' },
  )
  const expected = (await plain.forward(ids([2], [1])).read()).map((value) => 4 * value)
  expect(await scaled.forward(ids([2], [1])).read()).toEqual(expected)
})

describe('a padding row', () => {
  test('starts as zeros, and only that row', async () => {
    const options = { vocabularySize: 3, width: 8, paddingIndex: 1 }
    const table = await new Embedding(initialization, options).table.value.read()
    const zero = Array.from(table, (value) => value === 0)
    expect(zero).toEqual([0, 1, 2].flatMap((row) => new Array<boolean>(8).fill(row === 1)))
  })

  test('is not trained', async () => {
    const layer = new Embedding(initialization, { vocabularySize: 3, width: 2, paddingIndex: 1 })
    const { gradients } = moduleValueAndGrad(layer, () => sum(layer.forward(ids([0, 1, 1, 2, 2], [5]))))
    expect(await gradients.get('table')!.read()).toEqual(new Float32Array([1, 1, 0, 0, 2, 2]))
  })

  test.each([-1, 3, 0.5])('cannot be %d of 3 rows', (paddingIndex) => {
    expect(() => new Embedding(initialization, { vocabularySize: 3, width: 2, paddingIndex })).toThrow(
      `Embedding: 'paddingIndex' is ${paddingIndex}, expected an id from 0 to 2.`,
    )
  })
})

test('shares its table with the layer that predicts tokens', async () => {
  const embedding = new Embedding(initialization, { vocabularySize: 3, width: 2 })
  const output = new Linear(initialization, {
    inputSize: 2,
    outputSize: 3,
    bias: false,
    weight: tied(embedding.table),
  })
  const table = await embedding.table.value.read()
  const logits = await output.forward(device.tensor([[1, 10]])).read()
  const expected = [0, 1, 2].map((row) =>
    Math.fround(table[2 * row]! + Math.fround(10 * table[2 * row + 1]!)),
  )
  for (const [index, value] of expected.entries()) expect(logits[index]).toBeCloseTo(value, 5)
})

test('takes a table of its sizes only', () => {
  const table = tied(
    new Parameter(initialization, {
      shape: [3, 2],
      initializer: () =>
        device.tensor([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
    }),
  )
  expect(
    mul(new Embedding(initialization, { vocabularySize: 3, width: 2, table }).table.value, 1).shape,
  ).toEqual([3, 2])
  expect(() => new Embedding(initialization, { vocabularySize: 2, width: 3, table })).toThrow(
    "Embedding: 'table' is tied to a parameter of shape [3, 2], expected [vocabularySize, width], which is [2, 3].",
  )
})

test.each([
  [{ width: 2 }, "Embedding: 'vocabularySize' is missing"],
  [{ vocabularySize: 2, width: -1 }, "Embedding: 'width' is -1"],
])('refuses the sizes %o', (options, message) => {
  expect(() => Reflect.construct(Embedding, [initialization, options]) as Embedding).toThrow(message)
})
