import type { GroupReport } from './run.ts'

/** The reports as a table, followed by what failed and what was skipped, and why. */
export function formatReports(reports: Readonly<Record<string, GroupReport>>): string {
  const lines: string[] = []
  const width = Math.max('group'.length, ...Object.keys(reports).map((name) => name.length))
  const row = (group: string, passed: string, skipped: string, failed: string, total: string): void => {
    const columns = [passed, skipped, failed, total].map((column) => column.padStart(8))
    lines.push(group.padEnd(width) + columns.join(''))
  }
  row('group', 'passed', 'skipped', 'failed', 'total')
  let passedCases = 0
  let totalCases = 0
  for (const [name, { passed, total, skipped, failures }] of Object.entries(reports)) {
    row(name, ...([passed, skipped.length, failures.length, total].map(String) as Counts))
    passedCases += passed
    totalCases += total
  }
  for (const [name, { skipped, failures }] of Object.entries(reports)) {
    for (const { name: testCase, reason } of failures) lines.push(`failed  ${name} ${testCase}: ${reason}`)
    for (const { name: testCase, reason } of skipped) lines.push(`skipped ${name} ${testCase}: ${reason}`)
  }
  lines.push(`${passedCases} of ${totalCases} cases passed`)
  return `${lines.join('\n')}\n`
}

type Counts = [passed: string, skipped: string, failed: string, total: string]
