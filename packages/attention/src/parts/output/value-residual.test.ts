import { createReferenceBackend, Device, square, sum, type Tensor, valueAndGrad } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleTensor } from '../../conformance/sample-values.ts'
import { attendHeadsByLoops, type Rows, rowsOf } from '../../testing/by-loops.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { evenInputs } from '../../testing/even-inputs.test-helper.ts'
import { filledAttention, mapByLayer } from '../../testing/filled-attention.test-helper.ts'
import type { MultiHeadAttention } from '../../index.ts'
import {
  type AttentionCall,
  type AttentionPart,
  attendProjections,
  compose,
  forgetting,
  noMask,
  scaledDot,
  valueResidual,
} from '../../index.ts'

const even = evenInputs([
  [
    [1, 3],
    [3, 5],
  ],
])
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

function createLayers(part: AttentionPart): { first: MultiHeadAttention; second: MultiHeadAttention } {
  const create = (): MultiHeadAttention => filledAttention(device, [scaledDot(), part], { width, heads })
  return { first: create(), second: create() }
}

/** The second layer gets the values that a tap saw in the first. */
function forward(
  part: AttentionPart,
  { first, second }: ReturnType<typeof createLayers>,
  x: Tensor,
): { hidden: Tensor; output: Tensor } {
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
  return { hidden, output: second.forward(hidden, hidden, call(seen[0]!)) }
}

/** The second layer alone, from what went into it; both layers have the same numbers. */
function byLoops(x: Rows, hidden: Rows, layer: MultiHeadAttention): number[] {
  const project = (name: 'query' | 'key' | 'value' | 'output', rows: Rows): number[][] =>
    mapByLayer(layer[name], rows)
  const share = (name: string): number => layer.parts['value-residual']![name]!.value.readSync()[0]!
  const firstValues = project('value', x)
  const values = project('value', hidden).map((row, position) =>
    row.map((own, column) => share('first') * firstValues[position]![column]! + share('own') * own),
  )
  const [queries, keys] = [project('query', hidden), project('key', hidden)]
  const mixed = attendHeadsByLoops(queries, keys, values, width / heads)
  return project('output', mixed).flat()
}

const exact = { absolute: 1e-12, relative: 1e-10 }

const x = device.retain(sampleTensor(device, [1, length, width], 1))

test("a second layer gets the first one's values through a tap", () => {
  const layers = createLayers(valueResidual())
  const { hidden, output } = forward(valueResidual(), layers, x)
  const wanted = byLoops(rowsOf(x, 0), rowsOf(hidden, 0), layers.second)
  expect(mismatch(output.readSync(), wanted, exact)).toBeNull()
  const nothing = { name: 'value-residual', source: '' }
  const without = forward(nothing, createLayers(nothing), x).output
  expect(mismatch(without.readSync(), wanted, exact)).not.toBeNull()
})

test('gradients pass through the values that were handed on', () => {
  const part = valueResidual()
  const layers = createLayers(part)
  const loss = (input: Tensor): Tensor => sum(square(forward(part, layers, input).output))
  const gradient = valueAndGrad(() => loss(x), [x]).gradients[0]!.readSync()
  const values = Array.from(x.readSync())
  const differences = values.map((value, index) => {
    const at = (by: number): number =>
      loss(device.tensor(values.with(index, value + by), { shape: x.shape })).readSync()[0]!
    return (at(1e-5) - at(-1e-5)) / 2e-5
  })
  expect(mismatch(gradient, differences, { absolute: 1e-7, relative: 1e-6 })).toBeNull()
})

test('in the first layer values stay as they are', () => {
  const call = { mask: noMask, side: { firstValues: 'none' as const }, parameters: shares(device) }
  const output = attendProjections(compose([scaledDot(), valueResidual()]), even(device), call)
  expect([...output.readSync()]).toEqual([2, 4])
})

test('values that a tap sees, and that are added, have no columns that another part keeps beside them', () => {
  const run = (beside: readonly AttentionPart[]): { columns: number; output: number[] } => {
    const attention = filledAttention(device, [scaledDot(), ...beside], { width, heads })
    // The same numbers whatever the order of the parts.
    const parameters = [...attention.parameters()].toSorted(([path], [other]) => (path < other ? -1 : 1))
    for (const [index, [, parameter]] of parameters.entries())
      device.scoped(() => parameter.assign(sampleTensor(device, parameter.shape, 3 + index)))
    const seen: Tensor[] = []
    const call = { mask: noMask, side: { firstValues: 'none' }, cache: 'none' } as const
    attention.forward(x, x, {
      ...call,
      tap(site, tensor) {
        if (site === 'value') seen.push(device.retain(tensor))
        return tensor
      },
    })
    const firstValues = seen[0]!
    const output = attention.forward(x, x, { ...call, side: { firstValues } })
    return { columns: firstValues.shape[3]!, output: [...output.readSync()] }
  }
  const before = run([valueResidual(), forgetting()])
  const after = run([forgetting(), valueResidual()])
  expect([before.columns, after.columns]).toEqual([width / heads, width / heads])
  expect(mismatch(after.output, before.output, exact)).toBeNull()
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
