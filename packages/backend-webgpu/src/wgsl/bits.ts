/**
 * NaN and infinities by their bits: WGSL has no literals for them, and lets compilers assume that there are none.
 */
export const bitFunctions: Readonly<Record<string, string>> = {
  isNan: `
fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }`,
  isInfinite: `
fn isInfinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u; }`,
  // A value that is known when the shader is compiled may not be infinite: this one comes through a variable.
  fromBits: `
var<private> noBits = 0u;
fn fromBits(bits: u32) -> f32 { return bitcast<f32>(bits | noBits); }`,
  infinity: `
fn infinity() -> f32 { return fromBits(0x7f800000u); }`,
  minusInfinity: `
fn minusInfinity() -> f32 { return fromBits(0xff800000u); }`,
  notANumber: `
fn notANumber() -> f32 { return fromBits(0x7fc00000u); }`,
  maximumOf: `
fn maximumOf(a: f32, b: f32) -> f32 {
  if (isNan(a)) { return a; }
  if (isNan(b)) { return b; }
  return max(a, b);
}`,
  minimumOf: `
fn minimumOf(a: f32, b: f32) -> f32 {
  if (isNan(a)) { return a; }
  if (isNan(b)) { return b; }
  return min(a, b);
}`,
  // As the host's typed arrays convert: fractions are dropped, and what does not fit wraps around.
  toInteger: `
fn toInteger(x: f32) -> i32 {
  if (abs(x) < 2147483648.0) { return i32(x); }
  let bits = bitcast<u32>(x);
  let exponent = (bits >> 23u) & 0xffu;
  if (exponent > 181u) { return 0; }
  let magnitude = bitcast<i32>(((bits & 0x7fffffu) | 0x800000u) << (exponent - 150u));
  return select(magnitude, -magnitude, (bits >> 31u) == 1u);
}`,
  // Keys in the order of the numbers: NaN above all, both zeros alike.
  floatOrder: `
fn floatOrder(x: f32) -> u32 {
  if (isNan(x)) { return 0xffffffffu; }
  let bits = select(bitcast<u32>(x), 0u, x == 0.0);
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}`,
  integerOrder: `
fn integerOrder(x: i32) -> u32 { return bitcast<u32>(x) ^ 0x80000000u; }`,
}
