import { bytesAt, storeFlags, wordsAt } from './lanes'
import { storeLanes } from './vector'
import { begin, columns, place0, place1, place2, place3, proceed, stepOf } from './walk'

/** Words of the third operand where the byte of the second is not zero, else those of the fourth. */
export function chooseWords(first: i32, end: i32, walk: usize): void {
  const flagStep = stepOf(walk, 1)
  const aStep = stepOf(walk, 2)
  const bStep = stepOf(walk, 3)
  const zero = i32x4.splat(0)
  for (let more = begin(walk, first, end); more; more = proceed()) {
    let target = place0
    let flags = place1
    let a = place2
    let b = place3
    for (let count = columns; count > 0; count -= 4) {
      const refused = i32x4.eq(bytesAt(flags, flagStep, count), zero)
      const chosen = v128.bitselect(wordsAt(b, bStep, count), wordsAt(a, aStep, count), refused)
      if (count > 3) v128.store(target, chosen)
      else storeLanes(target, chosen, count)
      flags += flagStep << 2
      a += aStep << 2
      b += bStep << 2
      target += 16
    }
  }
}

/** The same for bytes. */
export function chooseBytes(first: i32, end: i32, walk: usize): void {
  const flagStep = stepOf(walk, 1)
  const aStep = stepOf(walk, 2)
  const bStep = stepOf(walk, 3)
  const zero = i32x4.splat(0)
  for (let more = begin(walk, first, end); more; more = proceed()) {
    let target = place0
    let flags = place1
    let a = place2
    let b = place3
    for (let count = columns; count > 0; count -= 4) {
      const refused = i32x4.eq(bytesAt(flags, flagStep, count), zero)
      storeFlags(target, v128.bitselect(bytesAt(b, bStep, count), bytesAt(a, aStep, count), refused), count)
      flags += flagStep << 2
      a += aStep << 2
      b += bStep << 2
      target += 4
    }
  }
}
