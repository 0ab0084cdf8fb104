import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { sampleTensor } from '../../conformance/sample-values.ts'
import { columnsOf, dot, mixRows, rowsOf, softmaxOf } from '../../testing/by-loops.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import {
  alibi,
  attendProjections,
  causal,
  compose,
  differential,
  type DifferentialOptions,
  laser,
  noMask,
  padding,
  type Projected,
  rope,
  xpos,
} from '../../index.ts'

const [batch, heads, keyHeads, length, size] = [2, 4, 2, 3, 4]
const inputs = (device: Device): Projected => ({
  query: sampleTensor(device, [batch, heads, length, size], 1),
  key: sampleTensor(device, [batch, keyHeads, length, size], 2),
  value: sampleTensor(device, [batch, keyHeads, length, size], 3),
})
const trained = {
  query1: [0.5, -0.2],
  key1: [0.4, 0.1],
  query2: [-0.3, 0.7],
  key2: [0.2, 0.6],
  gain: [1, 2, 0.5, -1],
}
const parameters = (device: Device) => ({
  differential: Object.fromEntries(
    Object.entries(trained).map(([name, values]) => [name, device.tensor(values)]),
  ),
})

/** The paper's equations 1 to 3, row by row; the first half of the columns makes the first map. */
function byLoops(start: number, seen: (query: number) => number): number[] {
  const { query, key, value } = inputs(new Device(createReferenceBackend({ precision: 'float64' })))
  const share =
    Math.exp(dot(trained.query1, trained.key1)) - Math.exp(dot(trained.query2, trained.key2)) + start
  const output: number[] = []
  for (let entry = 0; entry < batch; entry++) {
    for (let head = 0; head < heads; head++) {
      const [rows, keys, values] = [
        rowsOf(query, entry, head),
        rowsOf(key, entry, Math.floor(head / 2)),
        rowsOf(value, entry, Math.floor(head / 2)),
      ]
      for (const [position] of rows.entries()) {
        const count = seen(position)
        const map = (half: number): number[] => {
          const row = columnsOf(rows, half, size / 2)[position]!
          const others = columnsOf(keys, half, size / 2).slice(0, count)
          return softmaxOf(others.map((other) => dot(row, other) / Math.sqrt(size / 2)))
        }
        const [first, second] = [map(0), map(1)]
        const mixed = mixRows(
          first.map((weight, index) => weight - share * second[index]!),
          values.slice(0, count),
        )
        const root = Math.sqrt(dot(mixed, mixed) / size + 1e-5)
        output.push(...mixed.map((x, column) => ((1 - start) * trained.gain[column]! * x) / root))
      }
    }
  }
  return output
}

testIdea(() => differential(), {
  test,
  ideas: [
    {
      // Both maps are even, and the vectors are zeros, so that the share is 0.8: 0.2 of the mean (3, -4, 0, 0), whose
      // mean square is 0.04 * 25 / 4 = 0.25, then times 1 - 0.8.
      title: 'even maps leave one minus the share of the mean',
      inputs: (device) => ({
        query: device.tensor([[[[0, 0, 0, 0]]]]),
        key: device.tensor([
          [
            [
              [1, 2, 3, 4],
              [5, 6, 7, 8],
            ],
          ],
        ]),
        value: device.tensor([
          [
            [
              [6, 0, 1, 0],
              [0, -8, -1, 0],
            ],
          ],
        ]),
      }),
      call: (device) => ({
        parameters: {
          differential: {
            ...Object.fromEntries(
              ['query1', 'key1', 'query2', 'key2'].map((name) => [name, device.tensor([0, 0])]),
            ),
            gain: device.tensor([1, 1, 1, 1]),
          },
        },
      }),
      expected: [0.6, -0.8, 0, 0].map((x) => (0.2 * x) / Math.sqrt(0.25 + 1e-5)),
    },
    {
      title: 'it is the difference of two softmax maps, normalised',
      inputs,
      call: (device) => ({ parameters: parameters(device) }),
      expected: () => byLoops(0.8, () => length),
    },
    {
      title: 'both maps are causal',
      inputs,
      call: (device) => ({ parameters: parameters(device), beside: [causal()] }),
      expected: () => byLoops(0.8, (query) => query + 1),
    },
  ],
})

test.each<[DifferentialOptions, number]>([
  [{ layer: 1 }, 0.2],
  [{ layer: 4 }, 0.8 - 0.6 * Math.exp(-0.9)],
])('with %o the share starts from %d', (options, start) => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const call = { mask: noMask, parameters: parameters(device) }
  const output = attendProjections(compose([differential(options)]), inputs(device), call)
  for (const [index, wanted] of byLoops(start, () => length).entries()) {
    expect(output.readSync()[index]).toBeCloseTo(wanted, 10)
  }
})

test('a query without any key gives zeros', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const none = device.tensor(new Array<boolean>(batch * length).fill(false), { shape: [batch, length] })
  const call = { mask: noMask, parameters: parameters(device), side: { padding: none } }
  const output = attendProjections(compose([differential(), padding()]), inputs(device), call)
  expect([...output.readSync()].every((x) => x === 0)).toBe(true)
})

test('bad options, sizes and companions', () => {
  expect(() => differential({ layer: 0 })).toThrow(
    "differential: 'layer' is 0, expected a whole number of at least 1. Leave it out for the default.",
  )
  const sizes = { width: 6, heads: 2, keyHeads: 2, headSize: 3, maximumLength: 5 }
  expect(() => differential().parameters!['query1']!.shape(sizes)).toThrow(
    "differential: 'headSize' is 3, expected an even number. " +
      'Each of the two maps reads half of the columns: change the width or the number of heads.',
  )
  expect(() => compose([differential(), alibi()])).toThrow(
    "compose: 'differential' is composed with 'alibi', but each head has two maps of scores",
  )
  expect(() => compose([differential(), laser()])).toThrow('its weights can be negative')
  for (const turning of [rope, xpos]) {
    expect(() => compose([differential(), turning()])).toThrow(
      'each of the two works on the two halves of a head together',
    )
    expect(compose([differential(), turning({ pairing: 'neighbors' })]).parts).toHaveLength(2)
  }
})
