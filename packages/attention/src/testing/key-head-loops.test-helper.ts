import { createReferenceBackend, Device, RandomStream, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { compose } from '../compose.ts'
import { sampleTensor } from '../conformance/sample-values.ts'
import { noMask } from '../masks/mask.ts'
import { MultiHeadAttention } from '../multi-head-attention.ts'
import type { AttentionPart } from '../part.ts'
import { causal } from '../parts/mask/causal.ts'
import { scaledDot } from '../parts/score/scaled-dot.ts'
import {
  attendByLoops,
  columnsOf,
  fillParameters,
  joinByLoops,
  mapRows,
  rowsOf,
} from './by-loops.test-helper.ts'

const [width, headSize, length] = [5, 2, 4]

/**
 * What is wrong with causal attention of `heads` heads and a part, or `null` where it reads `keyHeads` key heads: query head `h` that of
 * index `floor(h * keyHeads / heads)`, worked out by plain loops. The attention's own options ask for `otherwise` key heads.
 */
export function mismatchOfKeyHeads(
  part: AttentionPart,
  sizes: { readonly heads: number; readonly keyHeads: number; readonly otherwise: number },
): string | null {
  const { heads, keyHeads, otherwise } = sizes
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const composition = compose([scaledDot(), part, causal()])
  const options = { width, heads, headSize, keyHeads: otherwise, composition }
  const attention = new MultiHeadAttention({ device, random: new RandomStream(1) }, options)
  fillParameters(attention)
  const x = sampleTensor(device, [1, length, width], 1)
  const got = attention.forward(x, x, { mask: noMask, side: {}, cache: 'none' })

  const rowsOfMap = (name: 'query' | 'key' | 'value' | 'output', rows: readonly (readonly number[])[]) => {
    const { weight, bias } = attention[name] as { weight: { value: Tensor }; bias: { value: Tensor } }
    return mapRows(rows, rowsOf(weight.value), Array.from(bias.value.readSync()))
  }
  const [queries, keys, values] = (['query', 'key', 'value'] as const).map((name) =>
    rowsOfMap(name, rowsOf(x, 0)),
  ) as [number[][], number[][], number[][]]
  if (keys[0]!.length !== keyHeads * headSize) return `got ${keys[0]!.length / headSize} key heads`
  const mixed = Array.from({ length: heads }, (_, head) => {
    const shared = Math.floor((head * keyHeads) / heads)
    return attendByLoops(
      columnsOf(queries, head, headSize),
      columnsOf(keys, shared, headSize),
      columnsOf(values, shared, headSize),
      true,
    )
  })
  const wanted = rowsOfMap('output', joinByLoops(mixed)).flat()
  return mismatch(Array.from(got.readSync()), wanted, { absolute: 1e-12, relative: 1e-10 })
}
