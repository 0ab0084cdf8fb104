const mask = 0xffffff
const word = 2 ** 24
const weyl = 0x9e3779

/**
 * The words that `randomUniform` defines, for `pairs` counters from `counter` on, to `target` and the places after it: the
 * generator of @qkv/tensor in integers, with its rounds written out and the keys of the rounds computed once.
 *
 * With `keyed = upper * 2^12 + lower`, the middle of its square is `upper * (keyed + lower) + floor(lower^2 / 2^12)`, of which the
 * last 24 bits count.
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
    let lower = keyed & 0xfff
    const mixed0 =
      (right + Math.imul(keyed >>> 12, keyed + lower) + (Math.imul(lower, lower) >>> 12) + keyed) & mask
    keyed = (mixed0 + keyHigh) & mask
    lower = keyed & 0xfff
    const mixed1 =
      (left + Math.imul(keyed >>> 12, keyed + lower) + (Math.imul(lower, lower) >>> 12) + keyed) & mask
    keyed = (mixed1 + key2) & mask
    lower = keyed & 0xfff
    const mixed2 =
      (mixed0 + Math.imul(keyed >>> 12, keyed + lower) + (Math.imul(lower, lower) >>> 12) + keyed) & mask
    keyed = (mixed2 + key3) & mask
    lower = keyed & 0xfff
    const mixed3 =
      (mixed1 + Math.imul(keyed >>> 12, keyed + lower) + (Math.imul(lower, lower) >>> 12) + keyed) & mask
    keyed = (mixed3 + key4) & mask
    lower = keyed & 0xfff
    const mixed4 =
      (mixed2 + Math.imul(keyed >>> 12, keyed + lower) + (Math.imul(lower, lower) >>> 12) + keyed) & mask
    keyed = (mixed4 + key5) & mask
    lower = keyed & 0xfff
    const mixed5 =
      (mixed3 + Math.imul(keyed >>> 12, keyed + lower) + (Math.imul(lower, lower) >>> 12) + keyed) & mask
    keyed = (mixed5 + key6) & mask
    lower = keyed & 0xfff
    const mixed6 =
      (mixed4 + Math.imul(keyed >>> 12, keyed + lower) + (Math.imul(lower, lower) >>> 12) + keyed) & mask
    keyed = (mixed6 + key7) & mask
    lower = keyed & 0xfff
    const mixed7 =
      (mixed5 + Math.imul(keyed >>> 12, keyed + lower) + (Math.imul(lower, lower) >>> 12) + keyed) & mask
    heap[target] = mixed7
    heap[(target + 1) | 0] = mixed6
    target = (target + 2) | 0
    left = (left + 1) & mask
    if (left === 0) right = (right + 1) | 0
  }
}
