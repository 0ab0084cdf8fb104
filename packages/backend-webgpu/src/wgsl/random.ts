/** The generator of `randomUniform` in exact integers of 32 bits: see random-words.ts of @qkv/tensor. */
export const randomFunctions: Readonly<Record<string, string>> = {
  randomWord: `
fn randomWord(index: u32, keyLow: u32, keyHigh: u32) -> u32 {
  let counter = index >> 1u;
  var left = counter & 0xffffffu;
  var right = counter >> 24u;
  var key = keyLow;
  var nextKey = keyHigh;
  for (var round = 0; round < 8; round++) {
    let keyed = (left + key) & 0xffffffu;
    let high = keyed >> 12u;
    let low = keyed & 0xfffu;
    // The square shifted by 12 bits, from halves; what overflows is above the 24 bits that are kept.
    let middle = ((high * high) << 12u) + 2u * high * low + ((low * low) >> 12u);
    let mixed = (right + middle + keyed) & 0xffffffu;
    right = left;
    left = mixed;
    let stepped = (key + 0x9e3779u) & 0xffffffu;
    key = nextKey;
    nextKey = stepped;
  }
  return select(left, right, (index & 1u) == 1u);
}`,
}
