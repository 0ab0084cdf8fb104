import type { AttentionPlace, Transformer, TransformerTap } from '@qkv/model-zoo'
import { mul } from '@qkv/tensor'
import { RunError } from '../errors/run-error.ts'

/** One head of one attention; layers and heads are counted from 0. */
export interface HeadPlace extends AttentionPlace {
  readonly head: number
}

/**
 * A tap that silences heads: what they mixed is zero when the output projection joins it with the others. Absent for no
 * heads. Throws a `RunError` for a head that the model does not have.
 *
 * Source: Michel et al. 2019, Are Sixteen Heads Really Better than One?, section 2.3
 */
export function ablationTap(
  { config }: Transformer,
  ablate: readonly HeadPlace[],
): TransformerTap | undefined {
  if (ablate.length === 0) return undefined
  ablate.forEach((place, index) => checkPlace(config, place, index))
  return {
    attention({ site, layer }) {
      const silent = ablate.filter((place) => place.site === site && place.layer === layer)
      if (silent.length === 0) return undefined
      const keep = Array.from({ length: config.heads }, (_, head) =>
        silent.some((place) => place.head === head) ? 0 : 1,
      )
      return (tapped, tensor) =>
        tapped === 'mixed'
          ? mul(tensor, tensor.device.tensor(keep, { shape: [1, config.heads, 1, 1] }))
          : tensor
    },
  }
}

function checkPlace(
  { heads, encoderLayers, decoderLayers }: Transformer['config'],
  { site, layer, head }: HeadPlace,
  index: number,
): void {
  const counts: Readonly<Record<string, number>> = {
    encoder: encoderLayers,
    decoder: decoderLayers,
    cross: decoderLayers,
  }
  const known = Object.keys(counts)
  if (!known.includes(site)) {
    throw placeError(index, 'site', site, known.map((name) => `'${name}'`).join(', '))
  }
  const isBelow = (value: number, count: number): boolean =>
    Number.isInteger(value) && value >= 0 && value < count
  if (!isBelow(layer, counts[site]!))
    throw placeError(index, 'layer', layer, `a layer below ${counts[site]!}`)
  if (!isBelow(head, heads)) throw placeError(index, 'head', head, `a head below ${heads}`)
}

function placeError(index: number, field: string, value: unknown, expected: string): RunError {
  return new RunError({
    operation: 'ablate',
    argument: `ablate[${index}].${field}`,
    got: `is ${JSON.stringify(value)}`,
    expected,
    fix: 'Choose a head of this model.',
  })
}
