/** Whether every word of a query is in one of the texts, capitals or not. */
export function matchesQuery(query: string, texts: readonly string[]): boolean {
  const where = texts.join('\n').toLowerCase()
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word))
}
