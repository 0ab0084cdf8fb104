import { wordsAt } from './lanes'
import { storeLanes } from './vector'
import { begin, columns, place0, place1, place2, proceed, stepOf } from './walk'

const ADD: i32 = 0
const SUB: i32 = 1
const MUL: i32 = 2
const DIV: i32 = 3
const MAXIMUM: i32 = 4
const MINIMUM: i32 = 5

/** The formula of one number: `T` says which. */
@inline
function combine<T>(formula: i32, a: v128, b: v128): v128 {
  if (formula == ADD) return v128.add<T>(a, b)
  if (formula == SUB) return v128.sub<T>(a, b)
  if (formula == MUL) return v128.mul<T>(a, b)
  if (formula == MAXIMUM) return v128.max<T>(a, b)
  if (formula == MINIMUM) return v128.min<T>(a, b)
  return f32x4.div(a, b)
}

/**
 * Combines columns in eights, of operands that lie together or, if `repeatsA` or `repeatsB`, are one number; returns how many it
 * has combined.
 */
@inline
function combineEights<T>(
  formula: i32,
  target: usize,
  a: usize,
  b: usize,
  count: i32,
  repeatsA: bool,
  repeatsB: bool,
): i32 {
  const allA = v128.load32_splat(a)
  const allB = v128.load32_splat(b)
  let done = 0
  for (; done + 8 <= count; done += 8) {
    const place = (<usize>done) << 2
    const a0 = repeatsA ? allA : v128.load(a + place)
    const a1 = repeatsA ? allA : v128.load(a + place, 16)
    const b0 = repeatsB ? allB : v128.load(b + place)
    const b1 = repeatsB ? allB : v128.load(b + place, 16)
    const value0 = combine<T>(formula, a0, b0)
    const value1 = combine<T>(formula, a1, b1)
    v128.store(target + place, value0)
    v128.store(target + place, value1, 16)
  }
  return done
}

/** Operands of a walk, combined into its first one, whose columns are next to each other. */
@inline
function combineAll<T>(formula: i32, first: i32, end: i32, walk: usize): void {
  const aStep = stepOf(walk, 1)
  const bStep = stepOf(walk, 2)
  for (let more = begin(walk, first, end); more; more = proceed()) {
    let done = 0
    if (aStep == 4 && bStep == 4) done = combineEights<T>(formula, place0, place1, place2, columns, false, false)
    else if (aStep == 4 && bStep == 0) done = combineEights<T>(formula, place0, place1, place2, columns, false, true)
    else if (aStep == 0 && bStep == 4) done = combineEights<T>(formula, place0, place1, place2, columns, true, false)
    let target = place0 + ((<usize>done) << 2)
    let a = place1 + <usize>done * aStep
    let b = place2 + <usize>done * bStep
    let count = columns - done
    for (; count > 3; count -= 4) {
      v128.store(target, combine<T>(formula, wordsAt(a, aStep, 4), wordsAt(b, bStep, 4)))
      a += aStep << 2
      b += bStep << 2
      target += 16
    }
    if (count > 0) {
      storeLanes(target, combine<T>(formula, wordsAt(a, aStep, count), wordsAt(b, bStep, count)), count)
    }
  }
}

export function add(first: i32, end: i32, walk: usize): void {
  combineAll<f32>(ADD, first, end, walk)
}

export function sub(first: i32, end: i32, walk: usize): void {
  combineAll<f32>(SUB, first, end, walk)
}

export function mul(first: i32, end: i32, walk: usize): void {
  combineAll<f32>(MUL, first, end, walk)
}

export function div(first: i32, end: i32, walk: usize): void {
  combineAll<f32>(DIV, first, end, walk)
}

export function maximum(first: i32, end: i32, walk: usize): void {
  combineAll<f32>(MAXIMUM, first, end, walk)
}

export function minimum(first: i32, end: i32, walk: usize): void {
  combineAll<f32>(MINIMUM, first, end, walk)
}

export function addWhole(first: i32, end: i32, walk: usize): void {
  combineAll<i32>(ADD, first, end, walk)
}

export function subWhole(first: i32, end: i32, walk: usize): void {
  combineAll<i32>(SUB, first, end, walk)
}

export function mulWhole(first: i32, end: i32, walk: usize): void {
  combineAll<i32>(MUL, first, end, walk)
}

export function maximumWhole(first: i32, end: i32, walk: usize): void {
  combineAll<i32>(MAXIMUM, first, end, walk)
}

export function minimumWhole(first: i32, end: i32, walk: usize): void {
  combineAll<i32>(MINIMUM, first, end, walk)
}

/** ECMAScript, which `Mathf` follows, gives NaN where the base is 1 or -1 and the exponent not finite. */
@inline
function power(base: f32, exponent: f32): f32 {
  if (base == 1 || (base == -1 && abs(exponent) == Infinity)) return 1
  return Mathf.pow(base, exponent)
}

/** Powers by IEEE 754. */
export function pow(first: i32, end: i32, walk: usize): void {
  const aStep = stepOf(walk, 1)
  const bStep = stepOf(walk, 2)
  for (let more = begin(walk, first, end); more; more = proceed()) {
    let target = place0
    let a = place1
    let b = place2
    for (let count = columns; count > 0; --count) {
      store<f32>(target, power(load<f32>(a), load<f32>(b)))
      a += aStep
      b += bStep
      target += 4
    }
  }
}
