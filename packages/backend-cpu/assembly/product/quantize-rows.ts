import { largestLane } from '../vector'

/**
 * Columns whose products are added up as whole numbers. A lane gets a quarter of them, 512 of at most 128 times 32,767: together
 * 2,147,418,112, and 2^31 is 2,147,483,648. So no sum can overflow, whatever the weights are.
 */
export const stretch: i32 = 2048
/** The largest whole number that an element of a left row becomes. */
const levels: f32 = 32767
/** Rows whose elements are all smaller count as zeros: the factor that would enlarge them is no longer finite. */
const tiny: f32 = 1e-34

/** Stretches of the columns that have a factor each; no stretch reaches into the next block of weights. */
export function quantizedStretches(inner: i32, blocks: i32): i32 {
  return blocks * ((inner / blocks + stretch - 1) / stretch)
}

/** Bytes of a row as 16-bit numbers: each stretch is filled up with zeros to whole vectors of 16. */
export function quantizedRowBytes(inner: i32, blocks: i32): i32 {
  const blockSize = inner / blocks
  return 2 * blocks * (blockSize / stretch * stretch + ((blockSize % stretch + 15) & ~15))
}

/**
 * Rounds rows `[rows, inner]` to 16 bits. Each stretch gets the factor that its whole numbers are to be multiplied by, which is
 * not finite where an element is not. A unit is a row.
 */
export function quantizeLeftRows(
  first: i32,
  end: i32,
  inner: i32,
  blocks: i32,
  left: usize,
  rounded: usize,
  factors: usize,
): void {
  const blockSize = inner / blocks
  const rowBytes = <usize>quantizedRowBytes(inner, blocks)
  const stretches = <usize>quantizedStretches(inner, blocks)
  left += (<usize>first * <usize>inner) << 2
  rounded += <usize>first * rowBytes
  factors += (<usize>first * stretches) << 2
  for (let row = first; row < end; ++row) {
    for (let block = 0; block < blocks; ++block) {
      for (let start = 0; start < blockSize; start += stretch) {
        const length = min(stretch, blockSize - start)
        store<f32>(factors, quantizeStretch(length, left, rounded))
        left += (<usize>length) << 2
        rounded += (<usize>((length + 15) & ~15)) << 1
        factors += 4
      }
    }
  }
}

function quantizeStretch(length: i32, left: usize, rounded: usize): f32 {
  const end = left + ((<usize>length) << 2)
  const vectorEnd = left + ((<usize>(length & ~3)) << 2)
  let largest = f32x4.splat(0)
  let from = left
  for (; from < vectorEnd; from += 16) largest = f32x4.max(largest, f32x4.abs(v128.load(from)))
  for (; from < end; from += 4) largest = f32x4.max(largest, f32x4.abs(v128.load32_splat(from)))
  const bound = largestLane(largest)
  const scale = v128.splat<f32>(bound < tiny ? 0 : levels / bound)
  from = left
  const whole = length & ~7
  for (let column = 0; column < whole; column += 8) {
    v128.store(rounded, i16x8.narrow_i32x4_s(round(v128.load(from), scale), round(v128.load(from, 16), scale)))
    from += 32
    rounded += 16
  }
  for (let column = whole; column < length; ++column) {
    store<i16>(rounded, <i16>i32x4.extract_lane(round(v128.load32_splat(from), scale), 0))
    from += 4
    rounded += 2
  }
  for (let column = length; column & 15; ++column) {
    store<i16>(rounded, 0)
    rounded += 2
  }
  return bound / levels
}

@inline
function round(values: v128, scale: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(values, scale)))
}

