import type { TranslationInspection } from '@qkv/pipelines'

/** The memory of all numbers of an inspection: handed over to the page instead of copied. */
export function buffersOf({
  attention,
  alignment,
  residualNorms,
}: TranslationInspection): readonly ArrayBuffer[] {
  const maps = [...attention.encoder, ...attention.decoder, ...attention.cross].flatMap(({ heads }) =>
    heads.flatMap(({ scores, weights, mask }) => [scores, weights, mask]),
  )
  const norms = [...residualNorms.encoder, ...residualNorms.decoder]
  const arrays = [...maps, ...norms, ...alignment.layers, alignment.mean]
  return arrays.map(({ buffer }) => buffer as ArrayBuffer)
}
