import { builtInParts, type CatalogueEntry, describePart, runsFused } from '@qkv/attention'
import type { Backend } from '@qkv/tensor'
import type { Plugin } from '../config/config.ts'
import { type MeasuredPart, readMeasured } from './measured-parts.ts'
import { sortPlugins } from './sort-plugins.ts'

/** A part of the catalogue, where it comes from, which of the backends that were asked run it as one operation, and what it costs. */
export interface ListedPart extends CatalogueEntry {
  readonly from: '@qkv/attention' | 'plugin'
  readonly fusedOn: readonly string[]
  /** On the machine that the documentation names; `undefined` for parts of plugins, which `qkv bench` measures. */
  readonly measured: MeasuredPart | undefined
}

/**
 * Every attention part that a config can name: those of `@qkv/attention`, and those that plugins bring, which come first and replace
 * others of their name.
 */
export function listParts(plugins: readonly Plugin[], backends: readonly Backend[]): readonly ListedPart[] {
  const own = sortPlugins(plugins).parts
  const names = new Set([...own.keys(), ...builtInParts.keys()])
  const measured = readMeasured()
  return [...names].map((name) => {
    const part = (own.get(name) ?? builtInParts.get(name))!()
    const entry = describePart(part)
    const shared = {
      ...entry,
      fusedOn: backends.filter((backend) => runsFused(part, backend.supports)).map((backend) => backend.name),
    }
    // What is known of the part that it replaces says nothing about it.
    return own.has(name)
      ? { ...shared, from: 'plugin', options: [], measured: undefined }
      : { ...shared, from: '@qkv/attention', measured: measured.get(name) }
  })
}
