/** `x₁ x₂ x₃`: names of the rows or columns of a table. */
export function numbered(letter: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${subscript(index + 1)}`)
}

/** For columns without names. */
export function unnamed(count: number): readonly string[] {
  return Array.from({ length: count }, () => '')
}

function subscript(number: number): string {
  return Array.from(String(number), (digit) => String.fromCodePoint(0x2080 + Number(digit))).join('')
}
