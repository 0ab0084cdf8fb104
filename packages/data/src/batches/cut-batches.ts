/** Both lengths of a row, in tokens. */
interface Lengths {
  readonly source: { readonly length: number }
  readonly target: { readonly length: number }
}

/** Cuts sorted rows into runs as long as the limit allows: rows times (longest source + longest target). */
export function cutByTokens<Row extends Lengths>(rows: readonly Row[], tokensPerBatch: number): Row[][] {
  const batches: Row[][] = []
  let batch: Row[] = []
  let sourceLength = 0
  let targetLength = 0
  for (const row of rows) {
    sourceLength = Math.max(sourceLength, row.source.length)
    targetLength = Math.max(targetLength, row.target.length)
    if (batch.length > 0 && (batch.length + 1) * (sourceLength + targetLength) > tokensPerBatch) {
      batches.push(batch)
      batch = []
      sourceLength = row.source.length
      targetLength = row.target.length
    }
    batch.push(row)
  }
  batches.push(batch)
  return batches
}

/** Cuts sorted rows, at least `count` of them, into exactly so many batches, by the lowest limit of tokens that needs no more. */
export function cutIntoBatches<Row extends Lengths>(rows: readonly Row[], count: number): Row[][] {
  let low = 1
  let high =
    rows.length * rows.reduce((most, row) => Math.max(most, row.source.length + row.target.length), 1) * 2
  while (low < high) {
    const limit = Math.floor((low + high) / 2)
    if (cutByTokens(rows, limit).length <= count) high = limit
    else low = limit + 1
  }
  const batches = cutByTokens(rows, low)
  while (batches.length < count) halveLongest(batches)
  return batches
}

function halveLongest<Row>(batches: Row[][]): void {
  const longest = batches.reduce(
    (best, batch, index) => (batch.length > batches[best]!.length ? index : best),
    0,
  )
  const batch = batches[longest]!
  const middle = Math.ceil(batch.length / 2)
  batches.splice(longest, 1, batch.slice(0, middle), batch.slice(middle))
}
