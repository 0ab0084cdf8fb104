import { readFileSync } from 'node:fs'

/** What attention with a part costs: 256 positions of width 64 in 4 heads on cpu, on one thread. */
export interface MeasuredPart {
  /** Of a forward pass, and of one with gradients. */
  readonly milliseconds: readonly number[]
  /** The most bytes of tensors that lived at one time, of the same. */
  readonly peakBytes: readonly number[]
  /** The power of the length that the time grows with, from 1,024 positions on; only of parts that claim to be linear, and `scaled-dot`. */
  readonly timeExponent?: number
  /** Whether that power is about 1. */
  readonly linear: boolean
}

/** What `npm run bench:parts` wrote. */
interface MeasuredFile {
  readonly parts: Readonly<Record<string, Pick<MeasuredPart, 'milliseconds' | 'peakBytes'>>>
  readonly growth: readonly { readonly name: string; readonly timeExponent: number }[]
}

/** Fits over few lengths on a shared machine are off by this. */
const linearUpTo = 1.25

/** What was measured of the built-in parts, by name. */
export function readMeasured(): ReadonlyMap<string, MeasuredPart> {
  const file = new URL('../../parts-measured.json', import.meta.url)
  const { parts, growth } = JSON.parse(readFileSync(file, 'utf8')) as MeasuredFile
  return new Map(
    Object.entries(parts).map(([name, costs]) => {
      const timeExponent = growth.find((grown) => grown.name === name)?.timeExponent
      const linear = timeExponent !== undefined && timeExponent <= linearUpTo
      return [name, { ...costs, ...(timeExponent !== undefined && { timeExponent }), linear }]
    }),
  )
}
