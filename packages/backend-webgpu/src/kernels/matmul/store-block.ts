import type { Epilogue } from './epilogue.ts'

const four = [0, 1, 2, 3] as const

/** Where the element at `row` and `column` of the product number `product` is stored. */
export function placeOf(row: string, column: string): string {
  return `parameters.targetOffset + product * parameters.targetStride + (${row}) * parameters.columns + ${column}`
}

/** How a product is stored. */
export function assignment({ accumulate }: Epilogue): '=' | '+=' {
  return accumulate ? '+=' : '='
}

/** Stores the row number `row` of a block of four columns, as a vector where rows are whole vectors. */
export function storeCode(row: number, wide: boolean, epilogue: Epilogue): string {
  const store = assignment(epilogue)
  const finished = four.map((column) => `finish(total${row}[${column}], column + ${column}u)`)
  const stores = wide
    ? `    target_[start / 4u] ${store} vec4f(${finished.join(', ')});`
    : four
        .map(
          (column) =>
            `    if (column + ${column}u < parameters.columns) { target_[start + ${column}u] ${store} ${finished[column]}; }`,
        )
        .join('\n')
  return `  if (row + ${row}u < parameters.rows && column < parameters.columns) {\n    let start = ${placeOf(`row + ${row}u`, 'column')};\n${stores}\n  }`
}
