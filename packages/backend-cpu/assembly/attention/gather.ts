import { thread } from '../team'
import { BackwardPlan, Block } from './plan'

/**
 * Copies the keys and values of a key head, if their rows do not lie next to each other: the rows of one head in a layout by positions
 * share few lines of the first cache, and all of its queries read them twice.
 */
export function gatherKeyHead(plan: BackwardPlan, entry: i32, keyHead: i32): void {
  const own = <usize>thread * plan.spaceBytes
  if (plan.gatheredKeys) {
    const from = plan.key.at(entry, keyHead, 0)
    gather(plan.gatheredKeys + own, from, plan.key.row, plan.keys, plan.headSize)
  }
  if (plan.gatheredValues) {
    const from = plan.value.at(entry, keyHead, 0)
    gather(plan.gatheredValues + own, from, plan.value.row, plan.keys, plan.valueSize)
  }
}

/** Lets a block read the copies. */
export function useGathered(plan: BackwardPlan, block: Block): void {
  if (plan.gatheredKeys) {
    block.keys = plan.gatheredKeys + block.own
    block.keyRow = <usize>plan.headSize << 2
  }
  if (plan.gatheredValues) {
    block.values = plan.gatheredValues + block.own
    block.valueRow = <usize>plan.valueSize << 2
  }
}

function gather(target: usize, source: usize, row: usize, rows: i32, size: i32): void {
  for (; rows > 0; --rows) {
    let place: usize = 0
    const end = (<usize>size) << 2
    for (; place + 16 <= end; place += 16) v128.store(target + place, v128.load(source + place))
    for (; place < end; place += 4) store<f32>(target + place, load<f32>(source + place))
    source += row
    target += end
  }
}
