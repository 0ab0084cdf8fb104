import { env } from 'node:process'
import { browserProjectNames } from './browser-projects.mjs'
import { findChromium } from './find-chromium.mjs'

/**
 * A vitest reporter that ends the run with counts a person or a script can read: what was left out and why, each reason for a
 * skipped test with its count, then `N passed, N failed, N skipped`. With QKV_REQUIRE_BROWSER it fails a run in which a browser
 * project passed no test.
 */
export default class PlainSummary {
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: errors.length, skipped: 0 }
    const reasons = new Map()
    const passedIn = new Map()
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1
      for (const test of module.children.allTests()) {
        const { state, note } = test.result()
        if (state === 'pending') continue
        counts[state] += 1
        if (state === 'passed')
          passedIn.set(module.project.name, (passedIn.get(module.project.name) ?? 0) + 1)
        if (state !== 'skipped') continue
        const reason = note ?? 'no reason given'
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
    }
    const { reason: noChromium } = findChromium()
    if (noChromium) {
      console.log(
        `left out ${browserProjectNames.length} projects, ${browserProjectNames.join(' and ')}: ${noChromium}`,
      )
    }
    for (const name of env.QKV_REQUIRE_BROWSER ? browserProjectNames : []) {
      if ([...passedIn.keys()].some((project) => project.startsWith(name))) continue
      console.log(`QKV_REQUIRE_BROWSER is set, but no test of ${name} has passed`)
      counts.failed += 1
      process.exitCode = 1
    }
    for (const [reason, count] of reasons) console.log(`skipped ${count}: ${reason}`)
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  }
}
