import type { Device } from '@qkv/tensor'

/** What to say before the figures of a GPU that is, or may be, a program on the processor; `undefined` for all other devices. */
export function softwareNote({ name, backend: { description = {} } }: Device): string | undefined {
  if (!('isFallbackAdapter' in description) || description.isFallbackAdapter === false) return undefined
  const { adapter, architecture, mode } = description as Readonly<Record<string, unknown>>
  const what = [mode, adapter, architecture]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(', ')
  const where =
    description.isFallbackAdapter === true
      ? 'computes on the processor here'
      : 'does not tell whether a GPU computes here'
  return `${name} ${where} (${what}): only ratios between figures of one run mean anything.`
}
