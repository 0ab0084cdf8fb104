import type { Backend } from '@qkv/tensor'
import { backendPresets } from './presets.ts'

/** A backend that runs on this machine. */
export interface FoundBackend {
  readonly name: string
  readonly create: () => Backend | Promise<Backend>
}

/**
 * Every backend that qkv knows and that runs on this machine, for the tests of plugins, and why the others do not.
 *
 * @example
 * const { backends } = await findBackends()
 * testAttention(() => myAttention(), { test, backends })
 */
export async function findBackends(): Promise<{
  readonly backends: readonly FoundBackend[]
  readonly missing: readonly { readonly name: string; readonly reason: string }[]
}> {
  const backends: FoundBackend[] = []
  const missing: { name: string; reason: string }[] = []
  for (const { name, load } of backendPresets) {
    try {
      const plugin = await load()
      const backend = await plugin.create()
      await backend.dispose()
      backends.push({ name, create: () => plugin.create() })
    } catch (error) {
      missing.push({ name, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return { backends, missing }
}
