import { largestLane } from '../vector'
import { pairedLength } from './quantized-panels'

/** The largest whole number that an element of a left row becomes. */
const levels: f32 = 32767
/** Rows whose elements are all smaller count as zeros: the factor that would enlarge them is no longer finite. */
const tiny: f32 = 1e-34

/** Bytes of a row as 16-bit numbers. */
export function quantizedRowBytes(inner: i32, blocks: i32): i32 {
  return 2 * pairedLength(inner, blocks)
}

/**
 * Rounds rows `[rows, inner]` to 16 bits, and writes the factor of each that its whole numbers are to be multiplied by, which is
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
  const rowBytes = (<usize>inner) << 2
  left += <usize>first * rowBytes
  rounded += <usize>first * <usize>quantizedRowBytes(inner, blocks)
  for (let row = first; row < end; ++row) {
    const bound = largestMagnitude(left, left + rowBytes)
    store<f32>(factors + ((<usize>row) << 2), bound / levels)
    const scale = v128.splat<f32>(bound < tiny ? 0 : levels / bound)
    for (let block = blocks; block > 0; --block) {
      roundBlock(blockSize, scale, left, rounded)
      left += (<usize>blockSize) << 2
      rounded += (<usize>((blockSize + 1) & ~1)) << 1
    }
  }
}

function largestMagnitude(from: usize, end: usize): f32 {
  const vectorEnd = from + ((end - from) & ~15)
  let largest = f32x4.splat(0)
  for (; from < vectorEnd; from += 16) largest = f32x4.max(largest, f32x4.abs(v128.load(from)))
  for (; from < end; from += 4) largest = f32x4.max(largest, f32x4.abs(v128.load32_splat(from)))
  return largestLane(largest)
}

function roundBlock(length: i32, scale: v128, from: usize, rounded: usize): void {
  let rest = length
  for (; rest >= 8; rest -= 8) {
    v128.store(rounded, i16x8.narrow_i32x4_s(round(v128.load(from), scale), round(v128.load(from, 16), scale)))
    from += 32
    rounded += 16
  }
  for (; rest > 0; --rest) {
    store<i16>(rounded, <i16>i32x4.extract_lane(round(v128.load32_splat(from), scale), 0))
    from += 4
    rounded += 2
  }
  if (length & 1) store<i16>(rounded, 0)
}

@inline
function round(values: v128, scale: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(values, scale)))
}
