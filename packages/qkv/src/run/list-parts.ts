import { builtInParts, type CatalogueEntry, describePart } from '@qkv/attention'
import { attentionOp, type Backend } from '@qkv/tensor'
import type { Plugin } from '../config/config.ts'
import { sortPlugins } from './sort-plugins.ts'

/** A part of the catalogue, where it comes from, and which of the backends that were asked run it as one operation. */
export interface ListedPart extends CatalogueEntry {
  readonly from: '@qkv/attention' | 'plugin'
  readonly fusedOn: readonly string[]
}

/**
 * Every attention part that a config can name: those of `@qkv/attention`, and those that plugins bring, which come first and replace
 * others of their name.
 */
export function listParts(plugins: readonly Plugin[], backends: readonly Backend[]): readonly ListedPart[] {
  const own = sortPlugins(plugins).parts
  const names = new Set([...own.keys(), ...builtInParts.keys()])
  const fusing = backends.filter((backend) => fusesAttention(backend)).map(({ name }) => name)
  return [...names].map((name) => {
    const entry = describePart((own.get(name) ?? builtInParts.get(name))!())
    return {
      ...entry,
      // Those of the part that it replaces say nothing about it.
      options: own.has(name) ? [] : entry.options,
      from: own.has(name) ? 'plugin' : '@qkv/attention',
      fusedOn: entry.fusable ? fusing : [],
    }
  })
}

function fusesAttention(backend: Backend): boolean {
  const [{ inputs, attrs }] = attentionOp.samples as [(typeof attentionOp.samples)[number]]
  const specs = inputs.map(({ shape, dtype = 'float32' }) => ({ shape, dtype }))
  return backend.supports(attentionOp as never, specs, attrs)
}
