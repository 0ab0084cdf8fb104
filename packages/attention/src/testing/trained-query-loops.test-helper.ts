import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { sampleTensor } from '../conformance/sample-values.ts'
import type { MultiHeadAttention } from '../multi-head-attention.ts'
import type { AttentionPart } from '../part.ts'
import { padding } from '../parts/mask/padding.ts'
import { scaledDot } from '../parts/score/scaled-dot.ts'
import { attendHeadsByLoops, mapRows, type Rows, rowsOf } from './by-loops.test-helper.ts'
import { filledAttention, mapByLayer, selfAttend } from './filled-attention.test-helper.ts'

const [width, heads, headSize, keyHeads, length] = [5, 4, 2, 2, 4]

/** An attention whose queries are trained rows, and an input for it, the same for every call. */
export function trainedQueryAttention(part: AttentionPart): {
  readonly device: Device
  readonly attention: MultiHeadAttention
  readonly x: Tensor
} {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const parts = [scaledDot(), part, padding()]
  const attention = filledAttention(device, parts, { width, heads, headSize, keyHeads })
  return { device, attention, x: sampleTensor(device, [2, length, width], 1) }
}

/**
 * What is wrong with attention whose queries are `rows`, a parameter of the part, or `null`; compared with plain loops. Of the second
 * entry of the batch the last key only fills up.
 */
export function mismatchOfTrainedQueries(part: AttentionPart, rows: string): string | null {
  const { device, attention, x } = trainedQueryAttention(part)
  const keep = device.tensor([new Array<boolean>(length).fill(true), [true, true, true, false]])
  const got = selfAttend(attention, x, { side: { padding: keep } })

  const parameters = attention.parts[part.name]
  if (!parameters) return 'no parameters'
  const map = (name: string, from: Rows): number[][] =>
    mapRows(from, rowsOf(parameters[name]!.value), Array.from(parameters[`${name}Bias`]!.value.readSync()))
  const wanted = [length, length - 1].flatMap((real, entry) => {
    const inputs = rowsOf(x, entry).slice(0, real)
    const queries = map('query', rowsOf(parameters[rows]!.value))
    const mixed = attendHeadsByLoops(queries, map('key', inputs), map('value', inputs), headSize)
    return mapByLayer(attention.output, mixed).flat()
  })
  return mismatch(Array.from(got.readSync()), wanted, { absolute: 1e-12, relative: 1e-10 })
}
