import { type AttentionPart, builtInParts } from '@qkv/attention'

/** The model adds them by itself. */
const added = new Set(['padding', 'causal', 'dropout'])

/** The attention parts that can be chosen, by their names in a config. */
export const partNames: readonly string[] = [...builtInParts]
  .filter(([name, create]) => !added.has(name) && fitsAnySite(create()))
  .map(([name]) => name)

/** A text model uses one list of parts in its encoder, in its decoder and, without positions, between them. */
function fitsAnySite({ excludes = {}, selfOnly, sideInputs = [], outputs }: AttentionPart): boolean {
  return (
    excludes['causal'] === undefined &&
    excludes['padding'] === undefined &&
    selfOnly === undefined &&
    sideInputs.length === 0 &&
    outputs === undefined
  )
}
