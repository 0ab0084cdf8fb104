/**
 * The candidate that `name` was most likely meant to be: the fewest edits, a third of the name at most, upper and lower
 * case and separators aside. `undefined` when none is near.
 *
 * @example
 * nearestName('optimiser', ['optimizer', 'output']) // 'optimizer'
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(name)
  let nearest: string | undefined
  let fewest = Math.max(2, Math.ceil(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    const edits = editDistance(wanted, plain(candidate))
    if (edits >= fewest) continue
    nearest = candidate
    fewest = edits
  }
  return nearest
}

/** ` Did you mean 'x'?`, or nothing. */
export function suggestion(name: string, candidates: Iterable<string>): string {
  const nearest = nearestName(name, candidates)
  return nearest === undefined ? '' : `Did you mean '${nearest}'? `
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, '')
}

/** Insertions, deletions, substitutions and swaps of neighbours (Damerau's distance, optimal string alignment). */
function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= from.length; row += 1) {
    const above = rows[row - 1]!
    const current = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const substituted = above[column - 1]! + Number(from[row - 1] !== to[column - 1])
      const swaps =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const swapped = swaps ? rows[row - 2]![column - 2]! + 1 : Infinity
      current.push(Math.min(substituted, swapped, above[column]! + 1, current[column - 1]! + 1))
    }
    rows.push(current)
  }
  return rows[from.length]![to.length]!
}
