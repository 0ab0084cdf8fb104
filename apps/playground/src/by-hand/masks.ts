/** `[query, key]`, true where the query may look. */
export type Keep = readonly (readonly boolean[])[]

export const maskPresets = ['none', 'causal', 'padding'] as const

export type MaskPreset = (typeof maskPresets)[number]

const keeps: Readonly<Record<MaskPreset, (query: number, key: number, length: number) => boolean>> = {
  none: () => true,
  causal: (query, key) => key <= query,
  padding: (_, key, length) => key < length - 1 || length === 1,
}

/** A mask by name: all keys, no later keys, or not the last key, which stands for padding. */
export function presetMask(preset: MaskPreset, length: number): Keep {
  return Array.from({ length }, (_, query) =>
    Array.from({ length }, (_, key) => keeps[preset](query, key, length)),
  )
}

/** The name of a mask; `undefined` for one that somebody clicked together. */
export function presetOf(keep: Keep): MaskPreset | undefined {
  return maskPresets.find((preset) => writeMask(presetMask(preset, keep.length)) === writeMask(keep))
}

/** A mask as a link has it: `100_110_111`. */
export function writeMask(keep: Keep): string {
  return keep.map((row) => row.map((kept) => (kept ? '1' : '0')).join('')).join('_')
}

/** Reads a mask of a link for so many inputs. */
export function readMask(text: string, length: number): Keep | undefined {
  const rows = text.length < 100 ? text.split('_') : []
  if (rows.length !== length || !rows.every((row) => row.length === length && /^[01]+$/.test(row))) {
    return undefined
  }
  return rows.map((row) => Array.from(row, (digit) => digit === '1'))
}
