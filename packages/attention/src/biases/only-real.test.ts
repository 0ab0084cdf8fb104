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

const text = rowsOf(4, 10)

function rowsOf(length: number, seed: number): number[][] {
  return Array.from({ length }, (_, position) => sampleValues(width, seed + position))
}

/** The text at the positions that are kept, and other numbers between. */
function paddedText(kept: readonly number[]): number[][] {
  const fill = rowsOf(kept.length, 40)
  let next = 0
  return kept.map((real, position) => (real ? text[next++]! : fill[position]!))
}

/** How the outputs of real positions differ from those of the text alone. */
function mismatchOfPadded(parts: readonly AttentionPart[], kept: readonly number[]): string | null {
  const composition = completeComposition(parts[0]!, parts.slice(1))
  const { device, model } = createSample(createReferenceBackend({ precision: 'float64' }), composition)
  const entries = <T>(value: T): T[] => Array.from({ length: batch }, () => value)
  const run = (rows: number[][], keep: readonly number[]): number[] =>
    device.scoped(() => {
      const side = { padding: device.tensor(entries(keep.map(Boolean))) }
      const output = model.forward(device.tensor(entries(rows)), { side })
      return [...output.readSync()].filter((_, index) => keep[Math.floor(index / width) % keep.length] === 1)
    })
  return mismatch(run(paddedText(kept), kept), run(text, [1, 1, 1, 1]), { absolute: 1e-12, relative: 1e-10 })
}

for (const create of parts) {
  for (const [where, kept] of Object.entries(paddings)) {
    test(`${create().name}: padding ${where} leaves what the text alone gives`, () => {
      expect(mismatchOfPadded([create(), padding()], kept)).toBeNull()
      expect(mismatchOfPadded([create(), padding(), causal()], kept)).toBeNull()
    })
  }
}
