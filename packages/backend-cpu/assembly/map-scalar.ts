const LOG: i32 = 0
const LOG1P: i32 = 1
const EXPM1: i32 = 2
const SIN: i32 = 3
const COS: i32 = 4

/** Functions that need cases for some numbers are computed one by one, in the doubles of the runtime's library. */
@inline
function valueOf(formula: i32, x: f32): f32 {
  if (formula == LOG) return Mathf.log(x)
  if (formula == LOG1P) return <f32>Math.log1p(<f64>x)
  if (formula == EXPM1) return <f32>Math.expm1(<f64>x)
  if (formula == SIN) return Mathf.sin(x)
  return Mathf.cos(x)
}

@inline
function mapAll(formula: i32, first: i32, end: i32, target: usize, source: usize): void {
  for (let index = <usize>first; index < <usize>end; ++index) {
    store<f32>(target + (index << 2), valueOf(formula, load<f32>(source + (index << 2))))
  }
}

// Units are elements.

export function log(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(LOG, first, end, target, source)
}

export function log1p(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(LOG1P, first, end, target, source)
}

export function expm1(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(EXPM1, first, end, target, source)
}

export function sin(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(SIN, first, end, target, source)
}

export function cos(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(COS, first, end, target, source)
}
