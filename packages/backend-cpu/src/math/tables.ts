import { type InterpolationTable, tabulate } from './interpolation-table.ts'
import { normalCumulative, normalDensity } from './normal-distribution.ts'

/** Computes a value when it is first asked for. */
function lazy<Value>(make: () => Value): () => Value {
  let value: Value | undefined
  return () => (value ??= make())
}

type LazyTable = () => InterpolationTable

// Below -104 it rounds to 0 in float32, at 89 to Infinity. An exact 0 at the end keeps masked scores from becoming
// numbers too small for float32, which processors round slowly.
export const exponentialTable: LazyTable = lazy(() =>
  tabulate((x) => (x <= -104 ? 0 : Math.exp(x)), -104, 89, 32),
)

export const sigmoidTable: LazyTable = lazy(() =>
  tabulate((x) => (x <= -104 ? 0 : 1 / (1 + Math.exp(-x))), -104, 20, 32),
)

/** The slope of `x sigmoid(x)`. */
export const siluSlopeTable: LazyTable = lazy(() =>
  tabulate(
    (x) => {
      const gate = 1 / (1 + Math.exp(-x))
      return x <= -104 ? 0 : x >= 40 ? 1 : gate * (1 + x * (1 - gate))
    },
    -104,
    40,
    32,
  ),
)

/** `tanh(x) / x`: functions through zero keep their relative precision there when they are tabulated as shares of x. */
export const hyperbolicTangentTable: LazyTable = lazy(() =>
  tabulate((x) => (x === 0 ? 1 : Math.tanh(x) / x), -20, 20, 32),
)

/** `erf(x) / x` */
export const errorFunctionTable: LazyTable = lazy(() =>
  tabulate(
    (x) =>
      x === 0 ? 2 / Math.sqrt(Math.PI) : (1 - 2 * normalCumulative(-Math.abs(x) * Math.SQRT2)) / Math.abs(x),
    -6,
    6,
    64,
  ),
)

/** The share of `x` that `gelu` passes. */
export const geluGateTable: LazyTable = lazy(() =>
  tabulate((x) => (x <= -15 ? 0 : normalCumulative(x)), -15, 15, 64),
)

export const geluSlopeTable: LazyTable = lazy(() =>
  tabulate(
    (x) => (Math.abs(x) < 15 ? normalCumulative(x) + x * normalDensity(x) : Number(x > 0)),
    -15,
    15,
    64,
  ),
)

const rate = Math.sqrt(2 / Math.PI)
const cubic = 0.044715

/** The share of `x` that `geluTanh` passes: `(1 + tanh(u)) / 2` is the sigmoid of `2u`. */
function tanhGate(x: number): number {
  return 1 / (1 + Math.exp(-2 * rate * (x + cubic * x ** 3)))
}

export const geluTanhGateTable: LazyTable = lazy(() =>
  tabulate((x) => (x <= -11 ? 0 : tanhGate(x)), -11, 11, 64),
)

export const geluTanhSlopeTable: LazyTable = lazy(() =>
  tabulate(
    (x) => {
      const gate = tanhGate(x)
      const slope = gate + x * gate * (1 - gate) * 2 * rate * (1 + 3 * cubic * x * x)
      return Math.abs(x) < 11 ? slope : Number(x > 0)
    },
    -11,
    11,
    64,
  ),
)
