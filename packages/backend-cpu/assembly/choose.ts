import { bytesAt, lanesAt, storeFlags } from './lanes'
import { storeUpToFour } from './vector'
import { begin, columns, place0, place1, place2, place3, proceed, stepOf } from './walk'

/** Elements of the third operand of a walk where the byte of the second is not zero, else those of the fourth. */
@inline
function chooseAll<T>(first: i32, end: i32, walk: usize): void {
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
      const chosen = v128.bitselect(lanesAt<T>(b, bStep, count), lanesAt<T>(a, aStep, count), refused)
      if (sizeof<T>() == 1) storeFlags(target, chosen, count)
      else storeUpToFour(target, chosen, count)
      flags += flagStep << 2
      a += aStep << 2
      b += bStep << 2
      target += 4 * sizeof<T>()
    }
  }
}

export function chooseWords(first: i32, end: i32, walk: usize): void {
  chooseAll<i32>(first, end, walk)
}

export function chooseBytes(first: i32, end: i32, walk: usize): void {
  chooseAll<u8>(first, end, walk)
}
