import {
  type AttentionPart,
  compose,
  type Composition,
  type PartChoice,
  type PartFactory,
  resolveParts,
  scaledDot,
} from '@qkv/attention'
import { checkSite } from './check-site.ts'
import type { AttentionSites, TransformerConfig } from './config.ts'

export interface SiteCompositions {
  readonly encoder: Composition
  readonly decoder: Composition
  readonly cross: Composition
}

/**
 * The compositions of the three kinds of attention, with the parts that the model adds. Throws a `CompositionError`
 * for a part that cannot be beside these, or that asks for more than tokens.
 */
export function composeSites(
  { attention, attentionDropout }: Pick<TransformerConfig, 'attention' | 'attentionDropout'>,
  plugins?: ReadonlyMap<string, PartFactory>,
): SiteCompositions {
  const common: readonly PartChoice[] =
    attentionDropout > 0 ? ['padding', { part: 'dropout', options: { rate: attentionDropout } }] : ['padding']
  const composition = (site: keyof AttentionSites, parts: readonly AttentionPart[]): Composition => {
    const added = resolveParts(site === 'decoder' ? ['causal', ...common] : common, plugins)
    checkSite(site, parts, added)
    const names = parts.map(({ name }) => name)
    return compose([...parts, ...added.filter(({ name }) => !names.includes(name))])
  }
  if ('encoder' in attention) {
    return {
      encoder: composition('encoder', resolveParts(attention.encoder, plugins)),
      decoder: composition('decoder', resolveParts(attention.decoder, plugins)),
      cross: composition('cross', resolveParts(attention.cross, plugins)),
    }
  }
  const parts = resolveParts(attention, plugins)
  return {
    encoder: composition('encoder', parts),
    decoder: composition('decoder', parts),
    cross: composition('cross', acrossSequences(parts)),
  }
}

/** The parts of a list that mean something between two sequences; `scaled-dot` where none of these scores. */
function acrossSequences(parts: readonly AttentionPart[]): readonly AttentionPart[] {
  const kept = parts.filter(({ positional, selfOnly }) => !positional && selfOnly === undefined)
  return kept.some(({ score, mix }) => score !== undefined || mix !== undefined)
    ? kept
    : [scaledDot(), ...kept]
}
