import { type AttentionPart, CompositionError } from '@qkv/attention'
import type { AttentionSites } from './config.ts'

/** Throws a `CompositionError` for the first part that cannot be where it is named. */
export function checkSite(
  site: keyof AttentionSites,
  parts: readonly AttentionPart[],
  added: readonly AttentionPart[],
): void {
  for (const part of parts) {
    for (const { name } of added) {
      const reason = part.excludes?.[name]
      if (reason !== undefined) {
        throw siteError(site, part, {
          got: `cannot be beside '${name}': ${reason}`,
          expected: `parts that can, since the model adds '${name}' here`,
          fix:
            site === 'decoder' && name === 'causal'
              ? 'Name it for the encoder alone: `attention: { encoder: [...], decoder: [...], cross: [...] }`.'
              : 'Name another part, or use it in a model of your own with `MultiHeadAttention`.',
        })
      }
    }
    const side = part.sideInputs?.find((name) => name !== 'padding')
    if (side !== undefined) {
      throw siteError(site, part, {
        got: `asks for the side input '${side}'`,
        expected: 'parts that need nothing but tokens',
        fix: 'Say it by an option of the part where there is one, or use it in a model of your own with `MultiHeadAttention`.',
      })
    }
    if (part.outputs !== undefined) {
      throw siteError(site, part, {
        got: `gives ${part.outputs} output${part.outputs === 1 ? '' : 's'} whatever the length`,
        expected: 'parts with one output per token',
        fix: 'Use it in a model of your own with `MultiHeadAttention`.',
      })
    }
    if (site === 'cross' && part.selfOnly !== undefined) {
      throw siteError(site, part, {
        got: `only works within one sequence: ${part.selfOnly}`,
        expected: 'parts that work between source and target',
        fix: "Name another one, such as 'scaled-dot'.",
      })
    }
  }
}

function siteError(
  site: keyof AttentionSites,
  part: AttentionPart,
  said: { readonly got: string; readonly expected: string; readonly fix: string },
): CompositionError {
  const { got, ...rest } = said
  return new CompositionError({
    operation: 'Transformer',
    argument: `attention.${site}`,
    got: `has '${part.name}', which ${got}`,
    ...rest,
  })
}
