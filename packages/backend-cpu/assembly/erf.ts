import { multiplyAdd } from './vector'

// The numerator and denominator of the error function on [-4, 4], highest power first: the rational minimax of Eigen,
// `x p(x^2) / q(x^2)`. The constant terms are moved to
// float32 numbers whose quotient is 2 / sqrt(pi), so that it is right to the last bits also where x is small.
const rational: usize = memory.data<f32>(
  [
    -2.72614225801306e-10, -2.72614225801306e-10, -2.72614225801306e-10, -2.72614225801306e-10,
    2.77068142495902e-8, 2.77068142495902e-8, 2.77068142495902e-8, 2.77068142495902e-8,
    -2.10102402082508e-6, -2.10102402082508e-6, -2.10102402082508e-6, -2.10102402082508e-6,
    -5.69250639462346e-5, -5.69250639462346e-5, -5.69250639462346e-5, -5.69250639462346e-5,
    -7.34990630326855e-4, -7.34990630326855e-4, -7.34990630326855e-4, -7.34990630326855e-4,
    -2.954599808540250e-3, -2.95459980854025e-3, -2.95459980854025e-3, -2.95459980854025e-3,
    -1.6096031293e-2, -1.6096031293e-2, -1.6096031293e-2, -1.6096031293e-2,
    -1.45660718464996e-5, -1.45660718464996e-5, -1.45660718464996e-5, -1.45660718464996e-5,
    -2.13374055278905e-4, -2.13374055278905e-4, -2.13374055278905e-4, -2.13374055278905e-4,
    -1.68282697438203e-3, -1.68282697438203e-3, -1.68282697438203e-3, -1.68282697438203e-3,
    -7.37332916720468e-3, -7.37332916720468e-3, -7.37332916720468e-3, -7.37332916720468e-3,
    -1.4264736324e-2, -1.4264736324e-2, -1.4264736324e-2, -1.4264736324e-2,
  ],
  16,
)

@inline
function term(value: v128, square: v128, index: usize): v128 {
  return multiplyAdd(value, square, v128.load(rational + (index << 4)))
}

@inline
export function erfOf(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(4)), f32x4.splat(-4))
  const square = f32x4.mul(bounded, bounded)
  let above = term(v128.load(rational), square, 1)
  above = term(above, square, 2)
  above = term(above, square, 3)
  above = term(above, square, 4)
  above = term(above, square, 5)
  above = term(above, square, 6)
  let below = term(v128.load(rational + (7 << 4)), square, 8)
  below = term(below, square, 9)
  below = term(below, square, 10)
  below = term(below, square, 11)
  return f32x4.div(f32x4.mul(bounded, above), below)
}
