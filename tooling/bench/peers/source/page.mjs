import { readFileSync, writeFileSync } from 'node:fs'
import { replaceSection } from '../../dist/page.js'

const page = new URL('../../../../docs/benchmarks.md', import.meta.url)

/** Puts the figures into docs/benchmarks.md: who took part, the ratios, and which goals are reached. */
export function writePage(report) {
  let text = readFileSync(page, 'utf8')
  text = replaceSection(text, 'peers', peersTable(report))
  text = replaceSection(text, 'peer-goals', goalsTable(report))
  text = replaceSection(text, 'contenders', contendersTable(report))
  writeFileSync(page, text)
}

function peersTable({ results, contenders }) {
  const [baseline, ...others] = Object.keys(contenders)
  return markdown([
    ['', `${baseline}, ms`, ...others],
    ...results.map(({ name, rows }) => [
      `\`${name}\``,
      timeOf(rows.find(({ contender }) => contender === baseline)),
      ...others.map((other) => ratioOf(rows.find(({ contender }) => contender === other))),
    ]),
  ])
}

const timeOf = (row) => (row?.milliseconds ? Number(row.milliseconds.median.toPrecision(3)).toString() : '-')

/** How many times as long it takes; a dash where it was not timed. */
const ratioOf = (row) => (row?.ratio === undefined ? '-' : `${Number(row.ratio.toPrecision(3))}x`)

function goalsTable({ targets }) {
  return markdown([
    ['workload', 'against', 'at least', 'measured', ''],
    ...targets.map(({ workload, contender, atLeast, ratio, met }) => [
      `\`${workload}\``,
      contender,
      `${atLeast}x`,
      `${ratio.toFixed(2)}x`,
      met ? 'reached' : 'missed',
    ]),
  ])
}

function contendersTable({ machine, clock, contenders, missing }) {
  const rows = [
    ...Object.entries(contenders),
    ...missing.map(({ contender }) => [contender, 'could not be loaded']),
  ]
  const time = clock === 'cpu' ? 'processor time' : 'time on the clock'
  return `${machine.processor}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}; medians of ${time}.\n\n${markdown([['contender', 'version'], ...rows])}`
}

function markdown([heading, ...rows]) {
  return [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
