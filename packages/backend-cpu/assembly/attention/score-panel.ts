import { addPanel, capPanel, maskEdges, maskPanel, slopesOfCap } from './panel'
import { Block, laneBytes, lanes, panelBytes, panelQueries } from './plan'
import { multiplyRows } from './products'
import { turn } from './turn'

/**
 * Writes the scores of a panel of queries with `rows` keys from `key` on, in rows `stride` bytes apart: scaled, softly capped, with bias,
 * and minus infinity where the mask keeps nothing. The slopes of the soft cap go to `slopes` unless that is 0.
 */
export function scorePanel(
  block: Block,
  panel: i32,
  key: i32,
  rows: i32,
  target: usize,
  stride: usize,
  slopes: usize,
): void {
  const plan = block.plan
  const first = panel * panelQueries
  const turnedQuery = plan.turnedQuery + block.own + <usize>panel * panelBytes
  const keys = block.keys + <usize>key * block.keyRow
  multiplyRows(rows, plan.headSize, keys, block.keyRow, turnedQuery, laneBytes, plan.zeros, 0, target, stride)
  if (plan.softcap > 0) {
    capPanel(target, stride, rows, plan.softcap)
    if (slopes) slopesOfCap(slopes, target, stride, rows, plan.softcap)
  }
  const bias = plan.bias
  if (changetype<usize>(bias)) {
    const from = bias.at(block.entry, block.head, block.query + first) + <usize>key * bias.column
    const turned = plan.turnedBias + block.own
    turn(turned, panelBytes, from, bias.row, bias.column, min(panelQueries, block.count - first), rows, 1)
    addPanel(target, stride, rows, turned)
  }
  if (block.keep) {
    const keep = block.keep + <usize>(lanes * (key - block.key) + first)
    maskPanel(target, stride, rows, keep, lanes)
  }
  maskEdges(target, stride, rows, key, block.position + first, plan.left, plan.right)
}
