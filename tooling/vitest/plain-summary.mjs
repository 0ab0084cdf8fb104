/**
 * A vitest reporter that ends the run with counts a person or a script can read: each reason for a
 * skipped test with its count, then `N passed, N failed, N skipped`.
 */
export default class PlainSummary {
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: errors.length, skipped: 0 }
    const reasons = new Map()
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1
      for (const test of module.children.allTests()) {
        const { state, note } = test.result()
        if (state === 'pending') continue
        counts[state] += 1
        if (state !== 'skipped') continue
        const reason = note ?? 'no reason given'
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
    }
    for (const [reason, count] of reasons) console.log(`skipped ${count}: ${reason}`)
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  }
}
