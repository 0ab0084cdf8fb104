import { Block, laneBytes, Operand, panelQueries } from './plan'

/** Adds the gradients of a panel of scores to the doubles of the bias, which stand for several of them where it broadcasts. */
export function sumPanel(
  block: Block,
  sums: Operand,
  panel: i32,
  key: i32,
  rows: i32,
  gradients: usize,
): void {
  const first = panel * panelQueries
  const count = min(panelQueries, block.count - first)
  for (let lane = 0; lane < count; ++lane) {
    let from = gradients + ((<usize>lane) << 2)
    let to = sums.at(block.entry, block.head, block.query + first + lane) + <usize>key * sums.column
    for (let row = rows; row > 0; --row) {
      store<f64>(to, load<f64>(to) + <f64>load<f32>(from))
      from += laneBytes
      to += sums.column
    }
  }
}

/** Doubles become float32 numbers; units are numbers. */
export function roundDoubles(first: i32, end: i32, target: usize, source: usize): void {
  for (let index = <usize>first; index < <usize>end; ++index) {
    store<f32>(target + (index << 2), <f32>load<f64>(source + (index << 3)))
  }
}
