import {
  createReferenceBackend,
  Device,
  matmul,
  RandomStream,
  reshape,
  slice,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { describe, expect, test } from 'vitest'
import { sampleTensor } from './conformance/sample-values.ts'
import {
  additive,
  alibi,
  type AttentionPart,
  attendProjections,
  causal,
  compose,
  dropout,
  luong,
  MultiHeadAttention,
  noMask,
  padding,
  rope,
  scaledDot,
  type TapSite,
} from './index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const exact = { absolute: 1e-12, relative: 1e-10 }

const query = sampleTensor(device, [2, 2, 4, 6], 1)
const key = sampleTensor(device, [2, 2, 4, 6], 2)
const value = sampleTensor(device, [2, 2, 4, 6], 3)

describe('the worked example of three inputs', () => {
  const inputs = device.tensor([
    [1, 0, 1, 0],
    [0, 2, 0, 2],
    [1, 1, 1, 1],
  ])
  const weightKey = device.tensor([
    [0, 0, 1],
    [1, 1, 0],
    [0, 1, 0],
    [1, 1, 0],
  ])
  const weightQuery = device.tensor([
    [1, 0, 1],
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 1],
  ])
  const weightValue = device.tensor([
    [0, 2, 0],
    [0, 3, 0],
    [1, 0, 3],
    [1, 1, 0],
  ])
  const project = (weight: Tensor): Tensor => reshape(matmul(inputs, weight), [1, 1, 3, 3])
  /** The example does not divide by the square root of the head size. */
  const dot: AttentionPart = {
    name: 'dot',
    source: 'the example',
    score: (_, query, key) => matmul(query, transpose(key)),
  }

  test('keys, first query, scores, weights and output are those of the notes', () => {
    const seen = new Map<TapSite, number[]>()
    const projected = { query: project(weightQuery), key: project(weightKey), value: project(weightValue) }
    expect([...projected.key.readSync()]).toEqual([0, 1, 1, 4, 4, 0, 2, 3, 1])
    expect([...projected.query.readSync()].slice(0, 3)).toEqual([1, 0, 2])
    const output = attendProjections(compose([dot]), projected, {
      mask: noMask,
      tap(site, tensor) {
        seen.set(site, Array.from(tensor.readSync()))
        return tensor
      },
    })
    expect(seen.get('scores')!.slice(0, 3)).toEqual([2, 4, 4])
    const four = (numbers: ArrayLike<number>): number[] =>
      Array.from(numbers, (number) => Number(number.toFixed(4))).slice(0, 3)
    expect(four(seen.get('weights')!)).toEqual([0.0634, 0.4683, 0.4683])
    expect(four(output.readSync())).toEqual([1.9366, 6.6831, 1.5951])
  })
})

test('我 爱 你 as 1, 2, 3 with 0.6 for itself and 0.2 for the others give 1.6, 2.0 and 2.4', () => {
  const words = device.tensor([1, 2, 3], { shape: [1, 1, 3, 1] })
  const given: AttentionPart = {
    name: 'given-weights',
    source: 'the example',
    normalize: () =>
      device.tensor([
        [
          [
            [0.6, 0.2, 0.2],
            [0.2, 0.6, 0.2],
            [0.2, 0.2, 0.6],
          ],
        ],
      ]),
  }
  const projected = { query: words, key: words, value: words }
  const output = attendProjections(compose([scaledDot(), given]), projected, { mask: noMask })
  expect(mismatch(output.readSync(), [1.6, 2, 2.4], exact)).toBeNull()
})

test.each<[string, readonly AttentionPart[]]>([
  ['a plain composition', [scaledDot(), causal()]],
  ['rotary positions', [scaledDot(), rope(), causal()]],
  ['a bias', [scaledDot(), alibi()]],
  ['parameters', [additive(), causal()]],
  ['a padding mask', [luong(), padding()]],
])('%s gives what a module gives between its projections', (_, parts) => {
  const composition = compose(parts)
  const init = { device, random: new RandomStream(2) }
  const attention = new MultiHeadAttention(init, { width: 12, heads: 2, composition, maximumLength: 9 })
  const side = parts.some(({ name }) => name === 'padding')
    ? {
        padding: device.tensor([
          [true, true, false, true],
          [true, false, false, false],
        ]),
      }
    : {}
  const seen = new Map<TapSite, Tensor>()
  const x = sampleTensor(device, [2, 4, 12], 4)
  attention.forward(x, x, {
    mask: noMask,
    side,
    cache: 'none',
    tap(site, tensor) {
      seen.set(site, device.retain(tensor))
      return tensor
    },
  })
  // What the module's taps show has its `queryKey` stages behind it.
  const withoutTurns = compose(parts.filter(({ queryKey }) => !queryKey))
  const projected = { query: seen.get('query')!, key: seen.get('key')!, value: seen.get('value')! }
  const state = [...attention.parameters()].filter(([path]) => path.startsWith('parts.'))
  const parameters: Record<string, Record<string, Tensor>> = {}
  for (const [path, { value }] of state) {
    const [, part, name] = path.split('.')
    parameters[part!] = { ...parameters[part!], [name!]: value }
  }
  const output = attendProjections(withoutTurns, projected, { mask: noMask, side, parameters })
  expect(mismatch(output.readSync(), [...seen.get('mixed')!.readSync()], exact)).toBeNull()
})

test('the last queries alone see what they see in the whole sequence', () => {
  const composition = compose([scaledDot(), rope(), alibi(), causal()])
  const whole = attendProjections(composition, { query, key, value }, { mask: noMask })
  const last = attendProjections(
    composition,
    { query: slice(query, [{}, {}, { start: 2 }]), key, value },
    { mask: noMask, queryStart: 2 },
  )
  const wanted = slice(whole, [{}, {}, { start: 2 }]).readSync()
  expect(mismatch(last.readSync(), [...wanted], exact)).toBeNull()
})

test('dropout draws from the stream that is given, and not without', () => {
  const composition = compose([scaledDot(), dropout({ rate: 0.5 })])
  const run = (random?: RandomStream): number[] =>
    Array.from(
      attendProjections(
        composition,
        { query, key, value },
        { mask: noMask, ...(random && { random }) },
      ).readSync(),
    )
  expect(run()).toEqual(run())
  expect(run(new RandomStream(1))).toEqual(run(new RandomStream(1)))
  expect(run(new RandomStream(1))).not.toEqual(run(new RandomStream(2)))
})

test('parameters and side inputs that are missing are errors', () => {
  expect(() => attendProjections(compose([additive()]), { query, key, value }, { mask: noMask })).toThrow(
    "additive: 'parameters.vector' is missing, expected a tensor for the name that the part reads. " +
      "Pass `parameters: { 'additive': { vector: ... } }`.",
  )
  const padded = compose([scaledDot(), padding()])
  expect(() => attendProjections(padded, { query, key, value }, { mask: noMask })).toThrow(
    "'side.padding' is missing",
  )
})
