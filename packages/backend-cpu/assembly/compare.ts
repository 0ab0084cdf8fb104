import { lanesAt, storeFlags } from './lanes'
import { begin, columns, place0, place1, place2, proceed, stepOf } from './walk'

const LESS: i32 = 0
const LESS_EQUAL: i32 = 1
const EQUAL: i32 = 2
const NOT_EQUAL: i32 = 3
const AND: i32 = 4
const OR: i32 = 5

/** All bits of the lanes where it holds; bytes are compared as words. */
@inline
function holds<T>(formula: i32, a: v128, b: v128): v128 {
  if (formula == AND) return v128.and(a, b)
  if (formula == OR) return v128.or(a, b)
  if (isFloat<T>()) {
    if (formula == LESS) return f32x4.lt(a, b)
    if (formula == LESS_EQUAL) return f32x4.le(a, b)
    if (formula == EQUAL) return f32x4.eq(a, b)
    return f32x4.ne(a, b)
  }
  if (formula == LESS) return i32x4.lt_s(a, b)
  if (formula == LESS_EQUAL) return i32x4.le_s(a, b)
  if (formula == EQUAL) return i32x4.eq(a, b)
  return i32x4.ne(a, b)
}

/** Operands of a walk, compared into the bytes of its first one, which are next to each other. */
@inline
function compareAll<T>(formula: i32, first: i32, end: i32, walk: usize): void {
  const aStep = stepOf(walk, 1)
  const bStep = stepOf(walk, 2)
  const one = i32x4.splat(1)
  for (let more = begin(walk, first, end); more; more = proceed()) {
    let target = place0
    let a = place1
    let b = place2
    for (let count = columns; count > 0; count -= 4) {
      const kept = v128.and(holds<T>(formula, lanesAt<T>(a, aStep, count), lanesAt<T>(b, bStep, count)), one)
      storeFlags(target, kept, count)
      a += aStep << 2
      b += bStep << 2
      target += 4
    }
  }
}

export function less(first: i32, end: i32, walk: usize): void {
  compareAll<f32>(LESS, first, end, walk)
}

export function lessEqual(first: i32, end: i32, walk: usize): void {
  compareAll<f32>(LESS_EQUAL, first, end, walk)
}

export function equal(first: i32, end: i32, walk: usize): void {
  compareAll<f32>(EQUAL, first, end, walk)
}

export function notEqual(first: i32, end: i32, walk: usize): void {
  compareAll<f32>(NOT_EQUAL, first, end, walk)
}

export function lessWhole(first: i32, end: i32, walk: usize): void {
  compareAll<i32>(LESS, first, end, walk)
}

export function lessEqualWhole(first: i32, end: i32, walk: usize): void {
  compareAll<i32>(LESS_EQUAL, first, end, walk)
}

export function equalWhole(first: i32, end: i32, walk: usize): void {
  compareAll<i32>(EQUAL, first, end, walk)
}

export function notEqualWhole(first: i32, end: i32, walk: usize): void {
  compareAll<i32>(NOT_EQUAL, first, end, walk)
}

export function equalFlags(first: i32, end: i32, walk: usize): void {
  compareAll<u8>(EQUAL, first, end, walk)
}

export function notEqualFlags(first: i32, end: i32, walk: usize): void {
  compareAll<u8>(NOT_EQUAL, first, end, walk)
}

export function andFlags(first: i32, end: i32, walk: usize): void {
  compareAll<u8>(AND, first, end, walk)
}

export function orFlags(first: i32, end: i32, walk: usize): void {
  compareAll<u8>(OR, first, end, walk)
}
