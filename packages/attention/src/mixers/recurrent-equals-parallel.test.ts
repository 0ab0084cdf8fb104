import { createReferenceBackend, Device, RandomStream, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleValues } from '../conformance/sample-values.ts'
import {
  type AttentionPart,
  builtInParts,
  causal,
  compose,
  createCache,
  deltaRule,
  gatedLinear,
  MultiHeadAttention,
  noMask,
  padding,
} from '../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const [batch, length, width, heads] = [2, 132, 8, 2]

const recurrent = [...builtInParts.values()].map((create) => create()).filter(({ recur }) => recur)
const parts: readonly (readonly [string, AttentionPart])[] = [
  ...recurrent.map((part) => [part.name, part] as const),
  ['gated-linear by column', gatedLinear({ decay: 'column' })],
  ['gated delta-rule', deltaRule({ gated: true })],
]

test('every recurrence is here', () => {
  const names = recurrent.map(({ name }) => name)
  const known = ['aft', 'cosformer', 'delta-rule', 'gated-linear', 'linear', 'performer', 'retention']
  expect(names).toEqual(expect.arrayContaining(known))
})

test.each(parts)('%s gives one by one what it gives at once, from a state of one size', (_, part) => {
  const composition = compose([part, causal(), padding()])
  const attention = new MultiHeadAttention(
    { device, random: new RandomStream(3) },
    { width, heads, composition, maximumLength: length },
  )
  const input = device.retain(
    device.tensor(sampleValues(batch * length * width, 1), { shape: [batch, length, width] }),
  )
  const kept = [0, 1].map((row) => Array.from({ length }, (_, key) => row === 0 || key > 3))
  const rows = (from: number, to: number): { x: Tensor; keep: Tensor } => {
    const values = input.readSync()
    const data = [0, 1].flatMap((row) =>
      Array.from(values.slice((row * length + from) * width, (row * length + to) * width)),
    )
    return {
      x: device.tensor(data, { shape: [batch, to - from, width] }),
      // All positions so far, those of the state included.
      keep: device.tensor(kept.map((row) => row.slice(0, to))),
    }
  }
  const all = device.scoped(() => {
    const { keep } = rows(0, length)
    return attention
      .forward(input, input, { mask: noMask, side: { padding: keep }, cache: 'none' })
      .readSync()
  })
  const cache = createCache(composition)
  const sizes: number[][] = []
  const problems: string[] = []
  // A prompt first, then one by one.
  for (let start = 0; start < length; start += start === 0 ? 5 : 1) {
    const end = start === 0 ? 5 : start + 1
    device.scoped(() => {
      const { x, keep } = rows(start, end)
      const output = attention.forward(x, x, { mask: noMask, side: { padding: keep }, cache }).readSync()
      const wanted = [0, 1].flatMap((row) =>
        Array.from(all.slice((row * length + start) * width, (row * length + end) * width)),
      )
      const found = mismatch(output, wanted, { absolute: 1e-10, relative: 1e-8 })
      if (found) problems.push(`at position ${start}: ${found}`)
    })
    if (end === 10 || end === 100) sizes.push(stateSizes(cache))
  }
  cache.dispose()
  expect(problems).toEqual([])
  expect(sizes).toHaveLength(2)
  expect(sizes[1]).toEqual(sizes[0])
})

function stateSizes(cache: ReturnType<typeof createCache>): number[] {
  const state = cache.kind === 'state' ? cache.state! : []
  return state.flatMap(({ shape }) => [...shape])
}
