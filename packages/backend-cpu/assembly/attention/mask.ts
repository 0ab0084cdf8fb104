import { lanes, Operand, Plan } from './plan'

/** A step writes a level of bytes, or joins the last two into one. Its words: what it does, and five more. */
const stepBytes: usize = 24
/** left, right, sinks */
const RANGE: i32 = 0
/** The words of an operand. */
const TENSOR: i32 = 1
/** size, address of the table, its columns */
const BLOCKS: i32 = 2
const AND: i32 = 3

/**
 * Runs the steps of the mask for `count` queries from `query` on and `width` keys from `key` on: 1 for each pair that is kept, else 0,
 * in rows of `rowBytes` bytes per key, `lanes` or 1. Returns whether any is kept.
 */
export function writeKeep(
  plan: Plan,
  target: usize,
  rowBytes: i32,
  entry: i32,
  head: i32,
  query: i32,
  count: i32,
  key: i32,
  width: i32,
): bool {
  const bytes = rowBytes * width
  const levelBytes = plan.keepLevelBytes
  let level = target - levelBytes
  let step = plan.maskProgram
  for (let left = plan.maskSteps; left > 0; --left) {
    const kind = load<i32>(step)
    if (kind == RANGE) {
      level += levelBytes
      keepRange(level, rowBytes, plan.position + query, count, key, width, step + 4)
    } else if (kind == TENSOR) {
      level += levelBytes
      const tensor = changetype<Operand>(step + 4)
      const from = tensor.at(entry, head, query) + <usize>key * tensor.column
      keepTensor(level, rowBytes, from, tensor.row, tensor.column, count, width)
    } else if (kind == BLOCKS) {
      level += levelBytes
      keepBlocks(level, rowBytes, plan.position + query, count, key, width, step + 4)
    } else {
      level -= levelBytes
      join(level, level + levelBytes, bytes, kind == AND)
    }
    step += stepBytes
  }
  return anySet(target, bytes)
}

function keepRange(
  target: usize,
  rowBytes: i32,
  position: i32,
  count: i32,
  key: i32,
  width: i32,
  words: usize,
): void {
  const left = load<i32>(words)
  const right = load<i32>(words, 4)
  const sinks = load<i32>(words, 8)
  for (let index = 0; index < width; ++index) {
    const distance = key + index - position
    for (let lane = 0; lane < count; ++lane) {
      const kept = (distance - lane >= -left && distance - lane <= right) || key + index < sinks
      store<u8>(target + <usize>lane, u8(kept))
    }
    target += <usize>rowBytes
  }
}

function keepTensor(
  target: usize,
  rowBytes: i32,
  from: usize,
  row: usize,
  column: usize,
  count: i32,
  width: i32,
): void {
  if (row == 0) {
    for (let index = width; index > 0; --index) {
      const kept = v128.load8_splat(from)
      if (rowBytes == lanes) {
        v128.store(target, kept)
        v128.store(target, kept, 16)
      } else v128.store_lane<u8>(target, kept, 0)
      from += column
      target += <usize>rowBytes
    }
    return
  }
  for (let lane = count; lane > 0; --lane) {
    let source = from
    let to = target
    for (let index = width; index > 0; --index) {
      store<u8>(to, load<u8>(source))
      source += column
      to += <usize>rowBytes
    }
    from += row
    target += 1
  }
}

function keepBlocks(
  target: usize,
  rowBytes: i32,
  position: i32,
  count: i32,
  key: i32,
  width: i32,
  words: usize,
): void {
  const size = load<i32>(words)
  const table = load<usize>(words, 4)
  const columns = load<i32>(words, 8)
  for (let lane = 0; lane < count; ++lane) {
    const flags = table + <usize>((position + lane) / size) * <usize>columns
    let to = target + <usize>lane
    for (let index = key; index < key + width; ++index) {
      store<u8>(to, load<u8>(flags + <usize>(index / size)))
      to += <usize>rowBytes
    }
  }
}

function join(target: usize, other: usize, bytes: i32, both: bool): void {
  // Levels are whole vectors: what lies behind the last byte may change.
  for (; bytes > 0; bytes -= 16) {
    const a = v128.load(target)
    const b = v128.load(other)
    v128.store(target, both ? v128.and(a, b) : v128.or(a, b))
    target += 16
    other += 16
  }
}

function anySet(from: usize, bytes: i32): bool {
  for (; bytes > 15; bytes -= 16) {
    if (v128.any_true(v128.load(from))) return true
    from += 16
  }
  for (; bytes > 0; --bytes) {
    if (load<u8>(from)) return true
    from += 1
  }
  return false
}
