import type { AttentionMap } from '../run/attention-map.ts'
import { displayWidth, padEnd, padStart } from './format.ts'

/** Blocks, and the weight from which they are drawn. */
const shades = [
  { block: '░', from: 0.05 },
  { block: '▒', from: 0.2 },
  { block: '▓', from: 0.4 },
  { block: '█', from: 0.6 },
] as const

/**
 * Draws an attention map for a terminal: source tokens as columns, target tokens as rows, and the darker the block, the
 * more the row attends to the column.
 */
export function drawAttention({ sourceTokens, targetTokens, weights }: AttentionMap): string {
  const columns = sourceTokens.map(visible)
  const rows = targetTokens.map(visible)
  const rowWidth = Math.max(...rows.map(displayWidth))
  const columnWidths = columns.map((label) => Math.max(2, displayWidth(label)))
  const row = (label: string, cells: readonly string[]): string =>
    `${padStart(label, rowWidth)}  ${cells.join(' ')}`.trimEnd()
  const legend = shades.map(({ block, from }) => ` ${block}${block} from ${100 * from} %`)
  return [
    row(
      '',
      columns.map((label, column) => padEnd(label, columnWidths[column]!)),
    ),
    ...rows.map((label, index) =>
      row(
        label,
        columnWidths.map((width, column) => blockFor(weights[index]![column]!).repeat(width)),
      ),
    ),
    row('', [`blank below ${100 * shades[0].from} %`, ...legend]),
  ].join('\n')
}

function blockFor(weight: number): string {
  return shades.findLast(({ from }) => weight >= from)?.block ?? ' '
}

/** Blanks at the edge of a token would be lost, and parts of a character cannot be shown. */
function visible(token: string): string {
  return token.trim() === '' ? '␣' : token.replaceAll('\uFFFD', '·')
}
