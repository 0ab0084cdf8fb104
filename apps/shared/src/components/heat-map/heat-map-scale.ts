import { scaleLinear } from 'd3-scale'
import type { Palette } from '../drawing/palette.svelte.ts'

/** `sequential` for shares from nothing to all, `diverging` for numbers on both sides of zero. */
export type HeatMapKind = 'sequential' | 'diverging'

export type Colour = readonly [red: number, green: number, blue: number]

export interface HeatMapScale {
  readonly low: number
  readonly high: number
  colourOf(value: number): Colour
}

/** More than eyes tell apart. */
const shades = 255

/** Colours of values between two ends; those outside get the colour of the nearer end. */
export function heatMapScale(
  kind: HeatMapKind,
  range: readonly [number, number],
  colours: Palette,
): HeatMapScale {
  const [low, high] = range
  const stops = colours[kind]
  const blend = scaleLinear<string>()
    .domain(stops.map((_, index) => index / (stops.length - 1)))
    .range(stops)
  // Blended once: a map asks for thousands.
  const table = Array.from({ length: shades + 1 }, (_, shade) => {
    const [red, green, blue] = blend(shade / shades)
      .match(/\d+/g)!
      .map(Number)
    return [red!, green!, blue!] as const
  })
  return {
    low,
    high,
    colourOf(value) {
      const share = (value - low) / (high - low || 1)
      return table[Math.round(Math.min(Math.max(share, 0), 1) * shades)] ?? table[0]!
    },
  }
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
