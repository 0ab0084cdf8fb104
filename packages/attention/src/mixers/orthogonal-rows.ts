import { seededNormal } from '../seeded.ts'

/**
 * Normally distributed rows `[count, size]`, row-major, of which each `size` that follow each other are orthogonal: directions of
 * one, lengths of other normal vectors. The same for the same seed.
 *
 * Source: Choromanski et al. 2020, Rethinking Attention with Performers, section 2.4.
 */
export function orthogonalRows(count: number, size: number, seed: number): Float64Array {
  const normal = seededNormal(seed)
  const draw = (): number[] => Array.from({ length: size }, normal)
  const rows: number[][] = []
  for (let row = 0; row < count; row++) {
    const block = rows.slice(row - (row % size))
    rows.push(unit(block.reduce(without, draw())))
  }
  return Float64Array.from(
    rows.flatMap((row) => {
      const length = Math.hypot(...draw())
      return row.map((x) => x * length)
    }),
  )
}

function without(row: number[], direction: readonly number[]): number[] {
  const share = row.reduce((total, x, column) => total + x * direction[column]!, 0)
  return row.map((x, column) => x - share * direction[column]!)
}

function unit(row: readonly number[]): number[] {
  const length = Math.hypot(...row)
  return row.map((x) => x / length)
}
