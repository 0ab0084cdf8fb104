import { createReferenceBackend } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { completeComposition, createSample, sampleSizes } from '../conformance/sample-attention.ts'
import { sampleValues } from '../conformance/sample-values.ts'
import {
  type AttentionPart,
  causal,
  cope,
  dataDependentAlibi,
  forgetting,
  multiToken,
  padding,
  selective,
} from '../index.ts'

const { batch, width } = sampleSizes
const parts: readonly (() => AttentionPart)[] = [
  cope,
  dataDependentAlibi,
  forgetting,
  () => multiToken({ queries: 2, keys: 3 }),
  selective,
]
const paddings = {
  'at the end': [1, 1, 1, 1, 0, 0],
  'at the start': [0, 0, 1, 1, 1, 1],
  'on both sides': [0, 1, 1, 1, 1, 0],
}

for (const create of parts) {
  for (const [where, kept] of Object.entries(paddings)) {
    for (const further of [[], [causal()]]) {
      const beside = further.length > 0 ? 'with causal' : 'without causal'
      test(`${create().name}, ${beside}: padding ${where} leaves what the text alone gives`, () => {
        const composition = completeComposition(create(), [padding(), ...further])
        const { device, model } = createSample(createReferenceBackend({ precision: 'float64' }), composition)
        const rows = (length: number, seed: number): number[][] =>
          Array.from({ length }, (_, position) => sampleValues(width, seed + position))
        const text = rows(4, 10)
        const fill = rows(kept.length, 40)
        const padded = kept.map((real, position) =>
          real ? text[kept.slice(0, position).reduce((sum, x) => sum + x, 0)]! : fill[position]!,
        )
        const run = (x: number[][], keep: readonly number[]): number[] =>
          device.scoped(() => {
            const output = model.forward(device.tensor(Array.from({ length: batch }, () => x)), {
              side: { padding: device.tensor(Array.from({ length: batch }, () => keep.map(Boolean))) },
            })
            return [...output.readSync()].filter(
              (_, index) => keep[Math.floor(index / width) % keep.length] === 1,
            )
          })
        const wanted = run(text, [1, 1, 1, 1])
        expect(mismatch(run(padded, kept), wanted, { absolute: 1e-12, relative: 1e-10 })).toBeNull()
      })
    }
  }
}
