import type { AttentionMap } from '../run/attention-map.ts'
import { displayWidth, padEnd, padStart } from './format.ts'

const shades = [' ', '░', '▒', '▓', '█'] as const

/**
 * Draws an attention map for a terminal: source tokens as columns, target tokens as rows, and the darker the block, the
 * more the row attends to the column.
 */
export function drawAttention({ sourceTokens, targetTokens, weights }: AttentionMap): string {
  const columns = sourceTokens.map(visible)
  const rows = targetTokens.map(visible)
  const rowWidth = Math.max(...rows.map(displayWidth))
  const columnWidths = columns.map((label) => Math.max(2, displayWidth(label)))
  const header = columns.map((label, column) => padEnd(label, columnWidths[column]!)).join(' ')
  const lines = rows.map((label, row) => {
    const cells = columnWidths.map((width, column) => shadeOf(weights[row]![column]!).repeat(width))
    return `${padStart(label, rowWidth)}  ${cells.join(' ')}`.trimEnd()
  })
  const legend = `${' '.repeat(rowWidth)}  ${shades.map((shade, index) => `${shade === ' ' ? '(blank)' : shade.repeat(2)} from ${(thresholds[index]! * 100).toFixed(0)} %`).join('  ')}`
  return [`${' '.repeat(rowWidth)}  ${header}`, ...lines, legend].join('\n')
}

const thresholds = [0, 0.05, 0.2, 0.4, 0.6] as const

function shadeOf(weight: number): string {
  return shades[thresholds.findLastIndex((threshold) => weight >= threshold)] ?? ' '
}

/** Blanks at the edge of a token would be lost, and parts of a character cannot be shown. */
function visible(token: string): string {
  return token.trim() === '' ? '␣' : token.trim().replaceAll('\uFFFD', '·')
}
