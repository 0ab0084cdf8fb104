const mask = 0xffffff
const word = 2 ** 24
const weyl = 0x9e3779
/** Squares of 24 bits are exact in doubles; their middle begins at bit 12. */
const toMiddle = 2 ** -12

/**
 * The words that `randomUniform` defines, for `pairs` counters from `counter` on, to `target` and the places after it: the
 * generator of @qkv/tensor in integers, with its rounds written out and the keys of the rounds computed once.
 */
export function fillRandomWords(
  heap: Int32Array,
  target: number,
  counter: number,
  pairs: number,
  keyLow: number,
  keyHigh: number,
): void {
  const key2 = (keyLow + weyl) & mask
  const key3 = (keyHigh + weyl) & mask
  const key4 = (key2 + weyl) & mask
  const key5 = (key3 + weyl) & mask
  const key6 = (key4 + weyl) & mask
  const key7 = (key5 + weyl) & mask
  let left = Math.floor(counter % word)
  let right = Math.floor(counter / word)
  for (let pair = 0; pair < pairs; pair = (pair + 1) | 0) {
    let keyed = (left + keyLow) & mask
    const mixed0 = (right + ((keyed * keyed * toMiddle) | 0) + keyed) & mask
    keyed = (mixed0 + keyHigh) & mask
    const mixed1 = (left + ((keyed * keyed * toMiddle) | 0) + keyed) & mask
    keyed = (mixed1 + key2) & mask
    const mixed2 = (mixed0 + ((keyed * keyed * toMiddle) | 0) + keyed) & mask
    keyed = (mixed2 + key3) & mask
    const mixed3 = (mixed1 + ((keyed * keyed * toMiddle) | 0) + keyed) & mask
    keyed = (mixed3 + key4) & mask
    const mixed4 = (mixed2 + ((keyed * keyed * toMiddle) | 0) + keyed) & mask
    keyed = (mixed4 + key5) & mask
    const mixed5 = (mixed3 + ((keyed * keyed * toMiddle) | 0) + keyed) & mask
    keyed = (mixed5 + key6) & mask
    const mixed6 = (mixed4 + ((keyed * keyed * toMiddle) | 0) + keyed) & mask
    keyed = (mixed6 + key7) & mask
    heap[target] = (mixed5 + ((keyed * keyed * toMiddle) | 0) + keyed) & mask
    heap[(target + 1) | 0] = mixed6
    target = (target + 2) | 0
    left = (left + 1) & mask
    if (left === 0) right = (right + 1) | 0
  }
}
