import { Module } from '@qkv/nn'
import { createReferenceBackend, Device, RandomStream } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { type Rows } from '../../testing/by-loops.test-helper.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { causal, compose, fnet, MultiHeadAttention, noMask, padding } from '../../index.ts'

const sample = sampleProjections({ heads: 3, queries: 5, size: 2 })

/** The definition of the transform: the real part of `Σ_t Σ_c x exp(-2πi (t p / n + c r / d))`. */
function transformed(x: Rows): number[][] {
  const [length, width] = [x.length, x[0]!.length]
  return x.map((row, p) =>
    row.map((_, r) => {
      let total = 0
      for (let t = 0; t < length; t++) {
        for (let c = 0; c < width; c++) {
          total += x[t]![c]! * Math.cos(2 * Math.PI * ((t * p) / length + (c * r) / width))
        }
      }
      return total
    }),
  )
}

testIdea(() => fnet(), {
  test,
  ideas: [
    {
      title: 'the sums and differences of two by two numbers',
      inputs(device) {
        const value = device.tensor([1, 2, 3, 5], { shape: [1, 1, 2, 2] })
        return { query: value, key: value, value }
      },
      // 1 + 2 + 3 + 5, 1 - 2 + 3 - 5; 1 + 2 - 3 - 5, 1 - 2 - 3 + 5
      expected: [11, -3, -5, 1],
    },
    {
      title: 'the transform of all heads side by side',
      inputs(device) {
        const { key } = sample.inputs(device)
        return { query: key, key, value: key }
      },
      expected: () => {
        const whole = [0, 1].map((batch) => transformed(sample.keyInput(batch)))
        return whole.flatMap((rows) =>
          [0, 1, 2].flatMap((head) => rows.flatMap((row) => row.slice(head * 2, head * 2 + 2))),
        )
      },
    },
  ],
})

const device = new Device(createReferenceBackend({ precision: 'float64' }))

/** The attention of a layer without biases. */
function layer(headSize?: number): MultiHeadAttention {
  return new MultiHeadAttention(
    { device, random: new RandomStream(1) },
    { width: 6, heads: 3, composition: compose([fnet()]), bias: false, ...(headSize && { headSize }) },
  )
}

test('a layer transforms its input, and projects the output alone', () => {
  const attention = layer()
  expect([...attention.parameters().keys()]).toEqual(['output.weight'])
  const identity = Array.from({ length: 36 }, (_, index) => Number(index % 7 === 0))
  attention
    .parameters()
    .get('output.weight')!
    .assign(device.tensor(identity, { shape: [6, 6] }))
  const rows = sample.keyInput(0)
  const x = device.tensor(rows.flat(), { shape: [1, 5, 6] })
  const output = attention.forward(x, x, { mask: noMask, side: {}, cache: 'none' }).readSync()
  const wanted = transformed(rows).flat()
  expect(Math.max(...wanted.map((entry, index) => Math.abs(entry - output[index]!)))).toBeLessThan(1e-9)
  expect(attention).toBeInstanceOf(Module)
})

test('what it cannot be', () => {
  expect(() => compose([fnet(), causal()])).toThrow(
    "'fnet' is composed with 'causal', but the transform adds up all positions",
  )
  expect(() => compose([fnet(), padding()])).toThrow("'fnet' is composed with 'padding', but the transform")
  const x = device.tensor(new Array<number>(30).fill(1), { shape: [1, 5, 6] })
  expect(() => layer(4).forward(x, x, { mask: noMask, side: {}, cache: 'none' })).toThrow(
    "fnet: 'headSize' is 4 with 3 heads and an input of width 6, expected heads that hold the columns of the input: it is not " +
      'projected. Leave `headSize` out, or choose it as width / heads.',
  )
})
