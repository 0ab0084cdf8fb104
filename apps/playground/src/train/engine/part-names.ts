import { builtInParts } from '@qkv/attention'

/** The model adds them by itself. */
const added = new Set(['padding', 'causal', 'dropout'])

/** The attention parts that can be chosen, by their names in a config. */
export const partNames: readonly string[] = [...builtInParts.keys()].filter((name) => !added.has(name))
