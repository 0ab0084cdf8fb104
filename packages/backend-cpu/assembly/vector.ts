/** `a b + c`: one rounding in the relaxed build, two in the other. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

/** `c - a b` */
@inline
export function multiplySubtract(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c)
  return f32x4.sub(c, f32x4.mul(a, b))
}

@inline
export function sumOfLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 2) +
    (f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 3))
  )
}

/** NaN wins. */
@inline
export function largestLane(v: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max<f32>(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  )
}

const masks: usize = memory.data<i32>([-1, -1, -1, -1, 0, 0, 0, 0], 16)

/** All bits of the first `count` lanes of four bytes, up to four. */
@inline
export function firstLanes(count: i32): v128 {
  return v128.load(masks + 16 - ((<usize>count) << 2))
}

/** Stores the first lanes, of which there are one, two or three. */
@inline
export function storeLanes(target: usize, v: v128, count: i32): void {
  if (count & 2) {
    v128.store64_lane(target, v, 0)
    if (count & 1) v128.store32_lane(target, v, 2, 8)
  } else v128.store32_lane(target, v, 0)
}

/** Stores as many lanes as `count` has elements left, up to all four. */
@inline
export function storeUpToFour(target: usize, v: v128, count: i32): void {
  if (count > 3) v128.store(target, v)
  else storeLanes(target, v, count)
}
