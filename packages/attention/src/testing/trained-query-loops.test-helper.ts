import { createReferenceBackend, Device, RandomStream, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { compose } from '../compose.ts'
import { sampleTensor } from '../conformance/sample-values.ts'
import { noMask } from '../masks/mask.ts'
import { MultiHeadAttention } from '../multi-head-attention.ts'
import type { AttentionPart } from '../part.ts'
import { padding } from '../parts/mask/padding.ts'
import { scaledDot } from '../parts/score/scaled-dot.ts'
import {
  attendByLoops,
  columnsOf,
  fillParameters,
  joinByLoops,
  mapRows,
  type Rows,
  rowsOf,
} from './by-loops.test-helper.ts'

const [width, heads, headSize, keyHeads, length] = [5, 4, 2, 2, 4]

/** An attention whose queries are trained rows, and an input for it, the same for every call. */
export function trainedQueryAttention(part: AttentionPart): {
  readonly device: Device
  readonly attention: MultiHeadAttention
  readonly x: Tensor
} {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const init = { device, random: new RandomStream(1) }
  const composition = compose([scaledDot(), part, padding()])
  const attention = new MultiHeadAttention(init, { width, heads, headSize, keyHeads, composition })
  fillParameters(attention)
  return { device, attention, x: sampleTensor(device, [2, length, width], 1) }
}

/**
 * What is wrong with attention whose queries are `rows`, a parameter of the part, or `null`; compared with plain loops. Of the second
 * entry of the batch the last key only fills up.
 */
export function mismatchOfTrainedQueries(part: AttentionPart, rows: string): string | null {
  const { device, attention, x } = trainedQueryAttention(part)
  const keep = device.tensor([new Array<boolean>(length).fill(true), [true, true, true, false]])
  const got = attention.forward(x, x, { mask: noMask, side: { padding: keep }, cache: 'none' })

  const parameters = attention.parts[part.name]
  if (!parameters) return 'no parameters'
  const map = (name: string, from: Rows): number[][] =>
    mapRows(from, rowsOf(parameters[name]!.value), Array.from(parameters[`${name}Bias`]!.value.readSync()))
  const { weight, bias } = attention.output as { weight: { value: Tensor }; bias: { value: Tensor } }
  const wanted = [length, length - 1].flatMap((real, entry) => {
    const inputs = rowsOf(x, entry).slice(0, real)
    const mixed = Array.from({ length: heads }, (_, head) => {
      const shared = Math.floor((head * keyHeads) / heads)
      return attendByLoops(
        columnsOf(map('query', rowsOf(parameters[rows]!.value)), head, headSize),
        columnsOf(map('key', inputs), shared, headSize),
        columnsOf(map('value', inputs), shared, headSize),
      )
    })
    return mapRows(joinByLoops(mixed), rowsOf(weight.value), Array.from(bias.value.readSync())).flat()
  })
  return mismatch(Array.from(got.readSync()), wanted, { absolute: 1e-12, relative: 1e-10 })
}
