/** How often each run of `order` neighbouring items occurs; items are joined by `separator`, which none may contain. */
export function countNgrams(items: readonly string[], order: number, separator: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (let start = 0; start + order <= items.length; start += 1) {
    const ngram = items.slice(start, start + order).join(separator)
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1)
  }
  return counts
}

/** How many n-grams of `found` are in `wanted`, each at most as often as there. */
export function countMatches(
  found: ReadonlyMap<string, number>,
  wanted: ReadonlyMap<string, number>,
): number {
  let matches = 0
  for (const [ngram, count] of found) matches += Math.min(count, wanted.get(ngram) ?? 0)
  return matches
}
