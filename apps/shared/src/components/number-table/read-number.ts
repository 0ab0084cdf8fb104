/** As far as edits go: sums of products of such numbers stay exact enough to show. */
export const largestNumber = 1e6

const pattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i

/** The number that somebody wrote, in the digits of any keyboard; `undefined` when it is none, or beyond a million. */
export function readNumber(written: string): number | undefined {
  if (written.length > 40) return undefined
  const text = written.normalize('NFKC').trim().replaceAll('−', '-').replaceAll('。', '.')
  if (!pattern.test(text)) return undefined
  const value = Number(text)
  return Math.abs(value) <= largestNumber ? value : undefined
}
