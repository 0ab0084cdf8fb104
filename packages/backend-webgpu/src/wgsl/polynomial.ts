/** A polynomial with the coefficients from the constant on, in Horner's form. */
export function polynomial(variable: string, coefficients: readonly number[]): string {
  return coefficients
    .map((coefficient) => (Number.isInteger(coefficient) ? `${coefficient}.0` : `${coefficient}`))
    .reduceRight((inner, coefficient) => `(${coefficient} + ${variable} * ${inner})`)
}
