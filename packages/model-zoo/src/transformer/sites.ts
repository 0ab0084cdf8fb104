import {
  type AttentionPart,
  compose,
  type Composition,
  type PartChoice,
  type PartFactory,
  resolveParts,
} from '@qkv/attention'
import type { TransformerConfig } from './config.ts'

export interface SiteCompositions {
  readonly encoder: Composition
  readonly decoder: Composition
  readonly cross: Composition
}

/** The compositions of the three kinds of attention, with the parts that the model adds. */
export function composeSites(
  { attention, attentionDropout }: Pick<TransformerConfig, 'attention' | 'attentionDropout'>,
  plugins?: ReadonlyMap<string, PartFactory>,
): SiteCompositions {
  const common: readonly PartChoice[] =
    attentionDropout > 0 ? ['padding', { part: 'dropout', options: { rate: attentionDropout } }] : ['padding']
  const composition = (parts: readonly AttentionPart[], added: readonly PartChoice[]): Composition => {
    const names = parts.map(({ name }) => name)
    const missing = resolveParts(added, plugins).filter(({ name }) => !names.includes(name))
    return compose([...parts, ...missing])
  }
  if ('encoder' in attention) {
    return {
      encoder: composition(resolveParts(attention.encoder, plugins), common),
      decoder: composition(resolveParts(attention.decoder, plugins), ['causal', ...common]),
      cross: composition(resolveParts(attention.cross, plugins), common),
    }
  }
  const parts = resolveParts(attention, plugins)
  return {
    encoder: composition(parts, common),
    decoder: composition(parts, ['causal', ...common]),
    cross: composition(
      parts.filter(({ positional }) => !positional),
      common,
    ),
  }
}
