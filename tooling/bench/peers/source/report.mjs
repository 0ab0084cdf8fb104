import { cpus } from 'node:os'

/** Lines of a table, columns aligned: the first one to the left. Columns that are empty but for their title are left out. */
function table(all) {
  const used = all[0].map((_, column) => all.some((row, index) => index > 0 && row[column] !== ''))
  const rows = all.map((row) => row.filter((_, column) => used[column]))
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('  '),
  )
}

/** Three significant digits, without exponents for the sizes that times have. */
const digits = (value) => Number(value.toPrecision(3)).toString()

function scaleOf(milliseconds) {
  if (milliseconds >= 1) return ['ms', 1]
  return milliseconds >= 1e-3 ? ['µs', 1e3] : ['ns', 1e6]
}

/** @returns {readonly string[]} lines that say what one workload gave */
export function reportWorkload({ name, unit, clock, rows }) {
  const measured = rows.filter(({ milliseconds }) => milliseconds)
  const left = rows.filter(({ milliseconds, reason }) => !milliseconds || reason)
  const lines = [`${name} (per ${unit}${clock === 'cpu' ? ', processor time' : ''})`]
  if (measured.length > 0) {
    const [time, scale] = scaleOf(Math.min(...measured.map(({ milliseconds }) => milliseconds.median)))
    const header = ['contender', time, 'quartiles', 'samples', 'GF/s', 'qkv is', 'difference']
    const cells = measured.map(({ contender, milliseconds, gigaflops, ratio, difference }) => [
      contender,
      digits(milliseconds.median * scale),
      `${digits(milliseconds.low * scale)} to ${digits(milliseconds.high * scale)}`,
      `${milliseconds.samples}`,
      gigaflops === undefined ? '' : gigaflops.toFixed(1),
      ratio === undefined ? '' : `${ratio.toFixed(2)}x as fast`,
      difference.toExponential(0),
    ])
    lines.push(...table([header, ...cells]).map((line) => `  ${line.trimEnd()}`))
  }
  for (const { contender, reason } of left) lines.push(`  ${contender}: ${reason}.`)
  return lines
}

export function reportTargets(comparisons) {
  if (comparisons.length === 0) return []
  const cells = comparisons.map(({ workload, contender, atLeast, ratio, met }) => [
    workload,
    contender,
    `${atLeast}x`,
    `${ratio.toFixed(2)}x`,
    met ? 'reached' : 'missed',
  ])
  return [
    'qkv against what it is meant to reach',
    ...table([['workload', 'against', 'at least', 'is', ''], ...cells]),
  ]
}

export const describeMachine = () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  platform: `${process.platform} ${process.arch}`,
  node: process.versions.node,
})
