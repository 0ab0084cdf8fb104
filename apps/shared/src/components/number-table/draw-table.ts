import type { Drawing, Mark } from '../drawing/drawing.ts'
import type { Palette } from '../drawing/palette.svelte.ts'
import { formatNumber } from '../format-number.ts'

const cellHeight = 28
const size = 14

/** Draws a table of numbers with its name and labels, as wide as they need. */
export function drawTable(
  table: {
    readonly name: string
    readonly rows: readonly string[]
    readonly columns: readonly string[]
    readonly values: ArrayLike<number>
  },
  colours: Palette,
): Drawing {
  const { name, rows, columns, values } = table
  const numbers = Array.from(values, formatNumber)
  const cellWidth = 20 + widest([...numbers, ...columns])
  const left = 20 + widest(rows)
  const top = 32 + (columns.some((label) => label !== '') ? cellHeight : 0)
  const width = Math.max(left + cellWidth * columns.length, 24 + widest([name])) + 12
  const write = (
    x: number,
    y: number,
    text: string,
    quiet: boolean,
    anchor: 'start' | 'middle' | 'end',
  ): Mark => ({
    kind: 'text',
    x,
    y,
    text,
    fill: quiet ? colours.textQuiet : colours.text,
    size,
    anchor,
  })
  const line = (y: number): Mark => ({
    kind: 'line',
    points: [
      [12, y],
      [width - 12, y],
    ],
    stroke: colours.line,
    width: 1,
  })
  const marks: Mark[] = [write(12, 18, name, false, 'start')]
  columns.forEach((label, column) =>
    marks.push(write(left + (column + 1) * cellWidth - 10, top - cellHeight / 2, label, true, 'end')),
  )
  rows.forEach((label, row) => {
    const y = top + (row + 0.5) * cellHeight
    marks.push(line(top + row * cellHeight), write(12, y, label, true, 'start'))
    columns.forEach((_, column) =>
      marks.push(
        write(left + (column + 1) * cellWidth - 10, y, numbers[row * columns.length + column]!, false, 'end'),
      ),
    )
  })
  return {
    width,
    height: top + rows.length * cellHeight + 12,
    background: colours.surface,
    title: name,
    marks,
  }
}

function widest(labels: readonly string[]): number {
  const widthOf = (label: string): number =>
    [...label].reduce((sum, character) => sum + (character > '\u2e80' ? size : size * 0.6), 0)
  return Math.max(0, ...labels.map(widthOf))
}
