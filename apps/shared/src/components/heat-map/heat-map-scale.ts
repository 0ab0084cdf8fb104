import { scaleLinear } from 'd3-scale'
import type { Palette } from '../drawing/palette.svelte.ts'

/** `sequential` for shares from nothing to all, `diverging` for numbers on both sides of zero. */
export type HeatMapKind = 'sequential' | 'diverging'

export interface HeatMapScale {
  readonly low: number
  readonly high: number
  colourOf(value: number): string
}

/** Colours of values between two ends; those outside get the colour of the nearer end. */
export function heatMapScale(
  kind: HeatMapKind,
  range: readonly [number, number],
  colours: Palette,
): HeatMapScale {
  const [low, high] = range
  const stops = colours[kind]
  const width = high - low || 1
  const colourOf = scaleLinear<string>()
    .domain(stops.map((_, index) => low + (width * index) / (stops.length - 1)))
    .range(stops)
    .clamp(true)
  return { low, high, colourOf }
}

/** The ends that hold all values: from 0 when sequential, the same on both sides of zero when diverging. */
export function heatMapRange(kind: HeatMapKind, values: ArrayLike<number>): readonly [number, number] {
  let peak = 0
  for (let index = 0; index < values.length; index++) {
    const size = Math.abs(values[index]!)
    if (Number.isFinite(size)) peak = Math.max(peak, size)
  }
  return kind === 'sequential' ? [0, peak || 1] : [-(peak || 1), peak || 1]
}
