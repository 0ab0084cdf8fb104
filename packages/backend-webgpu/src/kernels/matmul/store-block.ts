const four = [0, 1, 2, 3] as const

/** Stores the row number `row` of a block of four columns, as a vector where rows are whole vectors. */
export function storeCode(row: number, wide: boolean): string {
  const start = `(product * parameters.rows + row + ${row}u) * parameters.columns + column`
  const finished = four.map((column) => `finish(total${row}[${column}], column + ${column}u)`)
  const stores = wide
    ? `    target_[start / 4u] = vec4f(${finished.join(', ')});`
    : four
        .map(
          (column) =>
            `    if (column + ${column}u < parameters.columns) { target_[start + ${column}u] = ${finished[column]}; }`,
        )
        .join('\n')
  return `  if (row + ${row}u < parameters.rows && column < parameters.columns) {\n    let start = ${start};\n${stores}\n  }`
}
