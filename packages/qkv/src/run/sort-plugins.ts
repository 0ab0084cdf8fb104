import type { AttentionPart, PartFactory } from '@qkv/attention'
import type { BackendPlugin } from '@qkv/tensor'
import type { Plugin } from '../config/config.ts'
import { ConfigError } from '../errors/config-error.ts'

/** Plugins by what they bring. */
export interface SortedPlugins {
  readonly backends: readonly BackendPlugin[]
  /** Attention parts by name. */
  readonly parts: ReadonlyMap<string, PartFactory>
}

/**
 * Sorts the plugins of a config. Throws a `ConfigError` when two bring a part of one name.
 *
 * @example
 * const { backends, parts } = sortPlugins([webgpu(), myAttention])
 */
export function sortPlugins(plugins: readonly Plugin[]): SortedPlugins {
  const backends: BackendPlugin[] = []
  const parts = new Map<string, PartFactory>()
  for (const [index, plugin] of plugins.entries()) {
    if (isBackend(plugin)) {
      backends.push(plugin)
      continue
    }
    const factory = typeof plugin === 'function' ? plugin : (): AttentionPart => plugin
    const { name } = factory()
    if (parts.has(name)) throw twiceError(name, index)
    parts.set(name, factory)
  }
  return { backends, parts }
}

function isBackend(plugin: Plugin): plugin is BackendPlugin {
  return typeof plugin === 'object' && 'create' in plugin
}

function twiceError(name: string, index: number): ConfigError {
  return new ConfigError({
    operation: 'config',
    argument: `plugins[${index}]`,
    got: `brings the attention part '${name}' a second time`,
    expected: 'parts of different names',
    fix: 'Remove one of the two.',
  })
}
