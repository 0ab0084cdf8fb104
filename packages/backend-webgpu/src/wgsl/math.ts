import { polynomial } from './polynomial.ts'

/**
 * Functions to the last bits of float32: WGSL promises less of its own, down to three digits for the sine, and nothing about
 * NaN and infinities. The polynomials interpolate the functions at Chebyshev points of the ranges that remain after reduction.
 */
export const mathFunctions: Readonly<Record<string, string>> = {
  // e^x = 2^steps * e^rest; 2^steps in two factors, since one of them alone may not fit.
  exponential: `
fn exponential(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  if (x > 88.722839) { return infinity(); }
  if (x < -103.97208) { return 0.0; }
  let steps = round(x * 1.44269504);
  let rest = (x - steps * 0.693359375) + steps * 2.12194440e-4;
  let value = 1.0 + (rest + rest * rest * ${polynomial('rest', [0.5, 0.166665763, 0.0416665524, 0.00836334564, 0.00139263924])});
  let first = i32(steps) >> 1u;
  let second = i32(steps) - first;
  return value * bitcast<f32>((first + 127) << 23u) * bitcast<f32>((second + 127) << 23u);
}`,
  logarithm: `
fn logarithm(x: f32) -> f32 {
  if (isNan(x) || x < 0.0) { return notANumber(); }
  if (x == 0.0) { return minusInfinity(); }
  if (isInfinite(x)) { return x; }
  let parts = mantissaAndExponent(x);
  let f = parts.x - 1.0;
  let square = f * f;
  let small = f * square * ${polynomial('f', [0.333333313, -0.24999997, 0.200007305, -0.166678503, 0.142485514, -0.124240376, 0.116890714, -0.114945464, 0.0698070154])} - 0.5 * square;
  return ((small - parts.y * 2.12194440e-4) + f) + parts.y * 0.693359375;
}`,
  // x = mantissa * 2^exponent, the mantissa from sqrt(1/2) to sqrt(2); x is positive and finite.
  mantissaAndExponent: `
fn mantissaAndExponent(x: f32) -> vec2f {
  var bits = bitcast<u32>(x);
  var exponent = i32(bits >> 23u) - 127;
  if (exponent == -127) {
    bits = bitcast<u32>(x * 8388608.0);
    exponent = i32(bits >> 23u) - 150;
  }
  var mantissa = bitcast<f32>((bits & 0x7fffffu) | 0x3f800000u);
  if (mantissa > 1.41421356) {
    mantissa *= 0.5;
    exponent += 1;
  }
  return vec2f(mantissa, f32(exponent));
}`,
  logarithmOfOnePlus: `
fn logarithmOfOnePlus(x: f32) -> f32 {
  if (!(abs(x) < 0.4)) { return logarithm(1.0 + x); }
  let s = x / (2.0 + x);
  let square = s * s;
  return 2.0 * (s + s * square * ${polynomial('square', [0.333333343, 0.199999824, 0.142878562, 0.110236265, 0.105253972])});
}`,
  exponentialMinusOne: `
fn exponentialMinusOne(x: f32) -> f32 {
  if (!(abs(x) < 0.5)) { return exponential(x) - 1.0; }
  let t = hyperbolicTangent(0.5 * x);
  return 2.0 * t / (1.0 - t);
}`,
  // A quarter turn in three parts, whose products with the number of turns are exact up to arguments of ten thousand.
  sineOfTurns: `
fn sineOfTurns(x: f32, quarters: i32) -> f32 {
  if (isInfinite(x)) { return notANumber(); }
  let turns = round(x * 0.636619772);
  let rest = ((x - turns * 1.5703125) - turns * 4.837512969970703125e-4) - turns * 7.54978995489188216e-8;
  let square = rest * rest;
  let quadrant = (i32(turns) + quarters) & 3;
  let sine = rest + rest * square * ${polynomial('square', [-0.166666672, 0.00833333191, -0.000198400259, 0.00000272420925])};
  let cosine = (1.0 - 0.5 * square) + square * square * ${polynomial('square', [0.0416666679, -0.00138888881, 0.000024800549, -2.7294422e-7])};
  let value = select(sine, cosine, (quadrant & 1) == 1);
  return select(value, -value, quadrant >= 2);
}`,
  sine: `
fn sine(x: f32) -> f32 { return sineOfTurns(x, 0); }`,
  cosine: `
fn cosine(x: f32) -> f32 { return sineOfTurns(x, 1); }`,
  hyperbolicTangent: `
fn hyperbolicTangent(x: f32) -> f32 {
  let size = abs(x);
  if (size < 0.625) {
    let square = x * x;
    return x + x * square * ${polynomial('square', [-0.333333343, 0.133332968, -0.0539575964, 0.0217557009, -0.00830169488, 0.0022460036])};
  }
  if (size > 10.0 && !isNan(x)) { return sign(x); }
  let value = 1.0 - 2.0 / (exponential(2.0 * size) + 1.0);
  return select(value, -value, x < 0.0);
}`,
  errorFunction: `
fn errorFunction(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  let size = abs(x);
  if (size > 4.0) { return sign(x); }
  let square = x * x;
  if (size < 1.0) {
    return x * ${polynomial('square', [1.12837923, -0.376126379, 0.112837814, -0.0268653594, 0.00522081181, -0.000848060299, 0.000112388952, -0.00000958475357])};
  }
  let t = 1.0 / (1.0 + 0.5 * size);
  let value = 1.0 - exponential(-square) * ${polynomial('t', [0.00000891369564, 0.28185761, 0.284885705, 0.227681741, 0.261091441, -0.168093696, 0.497595638, -0.698171914, 0.398848623, -0.0857332721])};
  return select(value, -value, x < 0.0);
}`,
  power: `
fn power(base: f32, exponent: f32) -> f32 {
  if (exponent == 0.0 || base == 1.0) { return 1.0; }
  if (isNan(base) || isNan(exponent)) { return notANumber(); }
  let size = abs(base);
  if (isInfinite(exponent)) {
    if (size == 1.0) { return 1.0; }
    return select(0.0, infinity(), (size > 1.0) == (exponent > 0.0));
  }
  let whole = floor(exponent) == exponent;
  let halved = exponent * 0.5;
  // From 2^24 on, all floats are even.
  let odd = whole && abs(exponent) < 16777216.0 && floor(halved) != halved;
  let negative = (bitcast<u32>(base) >> 31u) == 1u;
  if (size == 0.0 || isInfinite(base)) {
    let value = select(0.0, infinity(), (size == 0.0) == (exponent < 0.0));
    return select(value, -value, negative && odd);
  }
  if (negative && !whole) { return notANumber(); }
  let value = positivePower(size, exponent);
  return select(value, -value, negative && odd);
}`,
  // base^y = 2^(y * (k + f)) with the logarithm's whole part k; halves of y keep its products with k exact.
  positivePower: `
fn positivePower(base: f32, y: f32) -> f32 {
  let parts = mantissaAndExponent(base);
  let fraction = logarithm(parts.x) * 1.44269504;
  let total = y * (parts.y + fraction);
  if (total > 128.5) { return infinity(); }
  if (total < -151.0) { return 0.0; }
  let steps = round(total);
  let high = bitcast<f32>(bitcast<u32>(y) & 0xfffff000u);
  let rest = ((high * parts.y - steps) + (y - high) * parts.y) + y * fraction;
  let first = i32(steps) >> 1u;
  let second = i32(steps) - first;
  return exponential(rest * 0.693147181) * bitcast<f32>((first + 127) << 23u) * bitcast<f32>((second + 127) << 23u);
}`,
}
