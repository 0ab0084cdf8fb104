import { createReferenceBackend, Device } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { sampleTensor } from '../conformance/sample-values.ts'
import type { AttentionPart } from '../part.ts'
import { causal } from '../parts/mask/causal.ts'
import { scaledDot } from '../parts/score/scaled-dot.ts'
import { attendHeadsByLoops, rowsOf } from './by-loops.test-helper.ts'
import { filledAttention, mapByLayer, selfAttend } from './filled-attention.test-helper.ts'

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
  const sizesOfAttention = { width, heads, headSize, keyHeads: otherwise }
  const attention = filledAttention(device, [scaledDot(), part, causal()], sizesOfAttention)
  const x = sampleTensor(device, [1, length, width], 1)
  const got = selfAttend(attention, x)

  const [queries, keys, values] = (['query', 'key', 'value'] as const).map((name) =>
    mapByLayer(attention[name], rowsOf(x, 0)),
  ) as [number[][], number[][], number[][]]
  if (keys[0]!.length !== keyHeads * headSize) return `got ${keys[0]!.length / headSize} key heads`
  const mixed = attendHeadsByLoops(queries, keys, values, headSize, true)
  const wanted = mapByLayer(attention.output, mixed).flat()
  return mismatch(Array.from(got.readSync()), wanted, { absolute: 1e-12, relative: 1e-10 })
}
