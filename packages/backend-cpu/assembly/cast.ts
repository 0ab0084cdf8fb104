// Units are elements. Bytes of conditions are 0 or 1.

export function castBytesToFloats(first: i32, end: i32, target: usize, source: usize): void {
  for (let index = <usize>first; index < <usize>end; ++index) {
    store<f32>(target + (index << 2), <f32>load<i8>(source + index))
  }
}

export function castBytesToWords(first: i32, end: i32, target: usize, source: usize): void {
  for (let index = <usize>first; index < <usize>end; ++index) {
    store<i32>(target + (index << 2), <i32>load<i8>(source + index))
  }
}

export function castBytesToFlags(first: i32, end: i32, target: usize, source: usize): void {
  for (let index = <usize>first; index < <usize>end; ++index) {
    store<u8>(target + index, u8(load<u8>(source + index) != 0))
  }
}

export function castWordsToFloats(first: i32, end: i32, target: usize, source: usize): void {
  for (let index = <usize>first; index < <usize>end; ++index) {
    store<f32>(target + (index << 2), <f32>load<i32>(source + (index << 2)))
  }
}

/** Truncated, modulo 2^32. What is not finite becomes 0, as does what is a multiple of 2^40 for its size. */
export function castFloatsToWords(first: i32, end: i32, target: usize, source: usize): void {
  for (let index = <usize>first; index < <usize>end; ++index) {
    const value = load<f32>(source + (index << 2))
    store<i32>(target + (index << 2), abs<f32>(value) < 9e18 ? <i32>(<i64>value) : 0)
  }
}

export function castWordsToFlags(first: i32, end: i32, target: usize, source: usize): void {
  for (let index = <usize>first; index < <usize>end; ++index) {
    store<u8>(target + index, u8(load<i32>(source + (index << 2)) != 0))
  }
}

export function castFloatsToFlags(first: i32, end: i32, target: usize, source: usize): void {
  for (let index = <usize>first; index < <usize>end; ++index) {
    store<u8>(target + index, u8(load<f32>(source + (index << 2)) != 0))
  }
}
