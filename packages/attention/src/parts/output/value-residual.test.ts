import { createReferenceBackend, Device, RandomStream, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import {
  attendByLoops,
  columnsOf,
  fillParameters,
  joinByLoops,
  mapRows,
  type Matrix,
  rowsOf,
  tensorOf,
} from '../../conformance/by-loops.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import {
  type AttentionCall,
  type AttentionPart,
  attendProjections,
  compose,
  MultiHeadAttention,
  noMask,
  type Projected,
  scaledDot,
  valueResidual,
} from '../../index.ts'

const even = (device: Device): Projected => ({
  query: device.tensor([[[[0, 0]]]]),
  key: device.tensor([
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ]),
  value: device.tensor([
    [
      [
        [1, 3],
        [3, 5],
      ],
    ],
  ]),
})
const shares = (device: Device) => ({
  'value-residual': { first: device.tensor([3], { shape: [] }), own: device.tensor([-2], { shape: [] }) },
})

testIdea(valueResidual, {
  test,
  ideas: [
    {
      // 3 times the mean (20, 30) of the first values less 2 times the mean (2, 4) of its own.
      title: 'values of the first layer are added',
      inputs: even,
      call: (device) => ({
        side: {
          firstValues: device.tensor([
            [
              [
                [10, 20],
                [30, 40],
              ],
            ],
          ]),
        },
        parameters: shares(device),
      }),
      expected: [56, 82],
    },
  ],
})

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const [width, heads, length] = [4, 2, 3]

function create(seed: number, parts: readonly AttentionPart[]): MultiHeadAttention {
  const init = { device, random: new RandomStream(seed) }
  const attention = new MultiHeadAttention(init, { width, heads, composition: compose(parts) })
  fillParameters(attention)
  return attention
}

/** Two layers, the second of which gets the values that a tap saw in the first. */
function twoLayers(part: AttentionPart): {
  x: Tensor
  hidden: Tensor
  output: Tensor
  second: MultiHeadAttention
} {
  const [first, second] = [create(1, [scaledDot(), part]), create(2, [scaledDot(), part])]
  const x = tensorOf(device, [1, length, width], 1)
  const call = (firstValues: Tensor | 'none'): AttentionCall => ({
    mask: noMask,
    side: part.sideInputs ? { firstValues } : {},
    cache: 'none',
  })
  const seen: Tensor[] = []
  const hidden = first.forward(x, x, {
    ...call('none'),
    tap(site, tensor) {
      if (site === 'value') seen.push(device.retain(tensor))
      return tensor
    },
  })
  return { x, hidden, second, output: second.forward(hidden, hidden, call(seen[0]!)) }
}

/** The second layer alone, from what went into it; both layers have the same numbers. */
function byLoops(x: Matrix, hidden: Matrix, layer: MultiHeadAttention): number[] {
  const project = (name: 'query' | 'key' | 'value' | 'output', rows: Matrix): number[][] => {
    const { weight, bias } = layer[name] as { weight: { value: Tensor }; bias: { value: Tensor } }
    return mapRows(rows, rowsOf(weight.value), Array.from(bias.value.readSync()))
  }
  const share = (name: string): number => layer.parts['value-residual']![name]!.value.readSync()[0]!
  const firstValues = project('value', x)
  const values = project('value', hidden).map((row, position) =>
    row.map((own, column) => share('first') * firstValues[position]![column]! + share('own') * own),
  )
  const [queries, keys] = [project('query', hidden), project('key', hidden)]
  const mixed = [0, 1].map((head) => {
    const [query, key, value] = [queries, keys, values].map((rows) => columnsOf(rows, head, width / heads))
    return attendByLoops(query!, key!, value!)
  })
  return project('output', joinByLoops(mixed)).flat()
}

const exact = { absolute: 1e-12, relative: 1e-10 }

test("a second layer gets the first one's values through a tap", () => {
  const { x, hidden, output, second } = twoLayers(valueResidual())
  const wanted = byLoops(rowsOf(x, 0), rowsOf(hidden, 0), second)
  expect(mismatch(output.readSync(), wanted, exact)).toBeNull()
  const without = { name: 'value-residual', source: '' }
  expect(mismatch(twoLayers(without).output.readSync(), wanted, exact)).not.toBeNull()
})

test('in the first layer values stay as they are', () => {
  const call = { mask: noMask, side: { firstValues: 'none' as const }, parameters: shares(device) }
  const output = attendProjections(compose([scaledDot(), valueResidual()]), even(device), call)
  expect([...output.readSync()]).toEqual([2, 4])
})

test('first values of too few positions', () => {
  const call = {
    mask: noMask,
    side: { firstValues: device.tensor([[[[10, 20]]]]) },
    parameters: shares(device),
  }
  expect(() => attendProjections(compose([scaledDot(), valueResidual()]), even(device), call)).toThrow(
    "value-residual: 'side.firstValues' has shape [1, 1, 1, 2], expected [batch, keyHeads, key, headSize] with a row for " +
      "each of the 2 keys of the call. Give what the first layer's `tap` saw at the site 'value' for the same inputs.",
  )
})
