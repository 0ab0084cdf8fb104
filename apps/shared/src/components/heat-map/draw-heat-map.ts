import type { Drawing, Mark } from '../drawing/drawing.ts'
import type { Palette } from '../drawing/palette.svelte.ts'
import { formatNumber } from '../format-number.ts'
import type { HeatMapScale } from './heat-map-scale.ts'

/** Numbers with names for their rows and columns. */
export interface LabelledMatrix {
  readonly name: string
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** What the rows and the columns are: `query`, `key`. */
  readonly rowAxis: string
  readonly columnAxis: string
  /** `[rows, columns]`, row-major. */
  readonly values: ArrayLike<number>
}

/** Where the cells of a drawn heat map are, in CSS pixels. */
export interface HeatMapLayout {
  readonly left: number
  readonly top: number
  readonly cellWidth: number
  readonly cellHeight: number
}

export interface DrawnHeatMap {
  readonly drawing: Drawing
  readonly layout: HeatMapLayout
}

const labelSize = 12
const legendHeight = 44
const legendSteps = 64

/** Draws a heat map that is at most `width` CSS pixels wide, with its axes, labels and legend. */
export function drawHeatMap(
  matrix: LabelledMatrix,
  scale: HeatMapScale,
  colours: Palette,
  width: number,
): DrawnHeatMap {
  const { rows, columns } = matrix
  const upright = columns.some((label) => widthOf(label) > labelSize * 2.2)
  const left = 30 + Math.min(110, Math.max(0, ...rows.map(widthOf)))
  const top = 24 + (upright ? Math.min(110, Math.max(0, ...columns.map(widthOf))) : labelSize + 4)
  const room = Math.max(1, width - left - 8)
  const cellWidth = Math.min(44, room / columns.length)
  const cellHeight = Math.min(32, Math.max(Math.min(cellWidth, 20), Math.min(32, 360 / rows.length)))
  const layout = { left, top, cellWidth, cellHeight }
  const right = left + cellWidth * columns.length
  const bottom = top + cellHeight * rows.length
  const marks = [
    ...cells(matrix, scale, layout),
    ...rowLabels(matrix, colours, layout),
    ...columnLabels(matrix, colours, layout, upright),
    text(colours, (left + right) / 2, 9, matrix.columnAxis, 'middle'),
    { ...text(colours, 9, (top + bottom) / 2, matrix.rowAxis, 'middle'), upright: true },
    ...legend(scale, colours, left, bottom + 14, Math.min(220, room)),
  ]
  const height = bottom + legendHeight
  return {
    drawing: { width, height, background: colours.surface, title: matrix.name, marks },
    layout,
  }
}

function cells(
  { rows, columns, values }: LabelledMatrix,
  scale: HeatMapScale,
  layout: HeatMapLayout,
): Mark[] {
  const { left, top, cellWidth, cellHeight } = layout
  // Gaps would eat small cells.
  if (Math.min(cellWidth, cellHeight) <= 12) return [denseCells({ rows, columns, values }, scale, layout)]
  return rows.flatMap((_, row) =>
    columns.map((_, column) => ({
      kind: 'rectangle' as const,
      x: left + column * cellWidth,
      y: top + row * cellHeight,
      width: cellWidth - 1,
      height: cellHeight - 1,
      fill: cssColour(scale, values[row * columns.length + column]!),
    })),
  )
}

function denseCells(
  { rows, columns, values }: Pick<LabelledMatrix, 'rows' | 'columns' | 'values'>,
  scale: HeatMapScale,
  { left, top, cellWidth, cellHeight }: HeatMapLayout,
): Mark {
  const colours = new Uint8ClampedArray(rows.length * columns.length * 4)
  for (let cell = 0; cell < rows.length * columns.length; cell++) {
    colours.set(scale.colourOf(values[cell]!), cell * 4)
    colours[cell * 4 + 3] = 255
  }
  return {
    kind: 'cells',
    x: left,
    y: top,
    width: cellWidth * columns.length,
    height: cellHeight * rows.length,
    rows: rows.length,
    columns: columns.length,
    colours,
  }
}

function cssColour({ colourOf }: HeatMapScale, value: number): string {
  return `rgb(${colourOf(value).join(', ')})`
}

function rowLabels({ rows }: LabelledMatrix, colours: Palette, layout: HeatMapLayout): Mark[] {
  const every = stepFor(layout.cellHeight, labelSize + 2)
  return rows.flatMap((label, row) =>
    row % every === 0
      ? [text(colours, layout.left - 6, layout.top + (row + 0.5) * layout.cellHeight, shorten(label), 'end')]
      : [],
  )
}

function columnLabels(
  { columns }: LabelledMatrix,
  colours: Palette,
  layout: HeatMapLayout,
  upright: boolean,
): Mark[] {
  const space = upright ? labelSize + 2 : Math.max(0, ...columns.map(widthOf)) + 6
  const every = stepFor(layout.cellWidth, space)
  return columns.flatMap((label, column) => {
    if (column % every !== 0) return []
    const x = layout.left + (column + 0.5) * layout.cellWidth
    const mark = text(
      colours,
      x,
      layout.top - (upright ? 6 : labelSize),
      shorten(label),
      upright ? 'start' : 'middle',
    )
    return [upright ? { ...mark, upright } : mark]
  })
}

function legend(scale: HeatMapScale, colours: Palette, x: number, y: number, width: number): Mark[] {
  const { low, high } = scale
  const step = width / legendSteps
  const bar = Array.from({ length: legendSteps }, (_, index): Mark => ({
    kind: 'rectangle',
    x: x + index * step,
    y,
    width: step + 0.3,
    height: 8,
    fill: cssColour(scale, low + ((high - low) * (index + 0.5)) / legendSteps),
  }))
  const middle = (low + high) / 2
  return [
    ...bar,
    text(colours, x, y + 19, formatNumber(low), 'start'),
    text(colours, x + width / 2, y + 19, formatNumber(middle), 'middle'),
    text(colours, x + width, y + 19, formatNumber(high), 'end'),
  ]
}

function text(
  colours: Palette,
  x: number,
  y: number,
  label: string,
  anchor: 'start' | 'middle' | 'end',
): Mark & { readonly kind: 'text' } {
  return { kind: 'text', x, y, text: label, fill: colours.textQuiet, size: labelSize, anchor }
}

/** Labels for every second, fifth, tenth... when there is no room for each. */
function stepFor(cell: number, needed: number): number {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  return steps.find((step) => step * cell >= needed) ?? 1000
}

/** Good enough to leave room: a Chinese character is as wide as it is high. */
function widthOf(label: string): number {
  const characters = [...shorten(label)]
  return characters.reduce((sum, character) => sum + (character > '\u2e80' ? labelSize : labelSize * 0.6), 0)
}

function shorten(label: string): string {
  const characters = [...label]
  return characters.length > 14 ? `${characters.slice(0, 13).join('')}…` : label
}
