import type { Device } from '@qkv/tensor'

/** What to say before the figures of a GPU that is a program on the processor; `undefined` for all other devices. */
export function softwareNote({ name, backend }: Device): string | undefined {
  const { isFallbackAdapter, adapter, mode } = (backend.description ?? {}) as Readonly<Record<string, unknown>>
  if (isFallbackAdapter !== true) return undefined
  const what = [mode, adapter].filter((part) => typeof part === 'string' && part !== '').join(', ')
  return `${name} computes on the processor here (${what}): only ratios between figures of one run mean anything.`
}
