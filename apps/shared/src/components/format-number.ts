const minus = '−'

/** A number as pages write it: four decimals at most, an exponent where those would not show it, a real minus sign. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '?' : value > 0 ? '∞' : `${minus}∞`
  const size = Math.abs(value)
  const text =
    size !== 0 && (size >= 1e7 || size < 5e-5) ? value.toExponential(1) : String(Number(value.toFixed(4)))
  return text.replaceAll('-', minus).replace('e+', 'e')
}
