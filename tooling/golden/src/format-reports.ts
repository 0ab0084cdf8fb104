import type { GroupReport } from './run.ts'

/** The reports as a table, followed by what failed and what was skipped, and why. */
export function formatReports(reports: Readonly<Record<string, GroupReport>>): string {
  const groups = Object.entries(reports)
  const rows = [
    ['group', 'passed', 'skipped', 'failed', 'total'],
    ...groups.map(([name, { passed, skipped, failures, total }]) => [
      name,
      ...[passed, skipped.length, failures.length, total].map(String),
    ]),
  ]
  const width = Math.max(...rows.map(([name]) => name!.length))
  const table = rows.map(([name, ...counts]) =>
    [name!.padEnd(width), ...counts.map((count) => count.padStart(8))].join(''),
  )
  const remarks = groups.flatMap(([name, { failures, skipped }]) => [
    ...failures.map((failure) => `failed  ${name} ${failure.name}: ${failure.reason}`),
    ...skipped.map((skip) => `skipped ${name} ${skip.name}: ${skip.reason}`),
  ])
  const count = (of: (report: GroupReport) => number): number =>
    groups.reduce((total, [, report]) => total + of(report), 0)
  const passed = count((report) => report.passed)
  const skipped = count((report) => report.skipped.length)
  const failed = count((report) => report.failures.length)
  const summary = `${passed} passed, ${failed} failed, ${skipped} skipped for a convention of our own`
  return [...table, ...remarks, summary, ''].join('\n')
}
