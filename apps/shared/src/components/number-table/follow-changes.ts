/**
 * Follows numbers that come again and again: which cells of a table changed when any of them last did. A table of another shape starts
 * anew: nothing in it has changed.
 *
 * @example
 * const follow = followChanges()
 * const changed = $derived(follow(values, columns.length))
 */
export function followChanges(): (values: ArrayLike<number>, columns: number) => readonly boolean[] {
  let seen: { readonly values: ArrayLike<number>; readonly columns: number } | undefined
  let changed: readonly boolean[] = []
  return (values, columns) => {
    const same = seen?.values.length === values.length && seen.columns === columns ? seen.values : undefined
    const now = Array.from(values, (value, index) => same !== undefined && !Object.is(value, same[index]))
    if (same === undefined || now.includes(true)) changed = now
    seen = { values, columns }
    return changed
  }
}
