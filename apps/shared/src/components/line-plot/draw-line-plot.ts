import { scaleLinear } from 'd3-scale'
import type { Drawing, Mark } from '../drawing/drawing.ts'
import type { Palette } from '../drawing/palette.svelte.ts'
import { formatNumber } from '../format-number.ts'

export interface Line {
  readonly name: string
  /** One value per place on the horizontal axis. */
  readonly values: ArrayLike<number>
}

export interface LinePlotData {
  readonly name: string
  readonly xAxis: string
  readonly yAxis: string
  readonly x: readonly number[]
  readonly lines: readonly Line[]
}

export interface DrawnLinePlot {
  readonly drawing: Drawing
  /** Where a place of the horizontal axis, by its index, and a value are, in CSS pixels. */
  xOf(index: number): number
  yOf(value: number): number
}

const size = 12

/** Draws lines over common places, `width` CSS pixels wide. */
export function drawLinePlot(data: LinePlotData, colours: Palette, width: number): DrawnLinePlot {
  const { x, lines } = data
  const named = lines.length > 1
  const area = { left: 62, right: width - 14, top: named ? 40 : 16, bottom: named ? 284 : 260 }
  const height = area.bottom + 46
  const values = lines.flatMap((line) => Array.from(line.values))
  const across = scaleLinear()
    .domain([x[0] ?? 0, x.at(-1) ?? 1])
    .range([area.left, area.right])
  const up = scaleLinear()
    .domain([Math.min(...values), Math.max(...values)])
    .nice(5)
    .range([area.bottom, area.top])
  const label = (
    at: { readonly x: number; readonly y: number },
    text: string,
    anchor: 'start' | 'middle' | 'end',
    fill = colours.textQuiet,
  ): Mark & { readonly kind: 'text' } => ({ kind: 'text', ...at, text, fill, size, anchor })
  const marks: Mark[] = []
  for (const tick of up.ticks(5)) {
    const y = up(tick)
    const points = [[area.left, y] as const, [area.right, y] as const]
    marks.push({ kind: 'line', points, stroke: colours.line, width: 1 })
    marks.push(label({ x: area.left - 8, y }, formatNumber(tick), 'end'))
  }
  for (const tick of across.ticks(Math.min(10, Math.floor(width / 60)))) {
    marks.push(label({ x: across(tick), y: area.bottom + 14 }, formatNumber(tick), 'middle'))
  }
  const middle = { x: (area.left + area.right) / 2, y: (area.top + area.bottom) / 2 }
  marks.push(label({ x: middle.x, y: area.bottom + 34 }, data.xAxis, 'middle'))
  marks.push({ ...label({ x: 10, y: middle.y }, data.yAxis, 'middle'), upright: true })
  lines.forEach((line, index) => {
    const stroke = colours.series[index % colours.series.length]!
    const points = x.map((place, index) => [across(place), up(line.values[index]!)] as const)
    marks.push({ kind: 'line', points, stroke, width: 2 })
    if (named) marks.push(label({ x: area.left + index * 150, y: 14 }, line.name, 'start', stroke))
  })
  return {
    drawing: { width, height, background: colours.surface, title: data.name, marks },
    xOf: (index) => across(x[index]!),
    yOf: (value) => up(value),
  }
}
