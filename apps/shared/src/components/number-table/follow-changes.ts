/** Which cells of a table changed with its last numbers: per cell the number of the change, 0 for one that never did. */
export interface Changes {
  readonly number: number
  readonly cells: readonly number[]
}

/**
 * Follows numbers that come again and again. A table of another shape starts anew: nothing in it has changed.
 *
 * @example
 * const follow = followChanges()
 * const changes = $derived(follow(values, columns.length))
 */
export function followChanges(): (values: ArrayLike<number>, columns: number) => Changes {
  let seen: { readonly values: ArrayLike<number>; readonly columns: number } | undefined
  let changes: Changes = { number: 0, cells: [] }
  return (values, columns) => {
    const same = seen?.values.length === values.length && seen.columns === columns ? seen.values : undefined
    const number = changes.number + 1
    const cells = Array.from(values, (value, index) =>
      same === undefined ? 0 : Object.is(value, same[index]) ? (changes.cells[index] ?? 0) : number,
    )
    seen = { values, columns }
    changes = { number, cells }
    return changes
  }
}
