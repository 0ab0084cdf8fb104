import { env } from 'node:process'
import { browserProjectNames } from './browser-projects.mjs'
import { CellCounts, nodeCells, onDemandCells, pageCells } from './cells.mjs'
import { findChromium } from './find-chromium.mjs'

/**
 * A vitest reporter that ends the run with counts a person or a script can read: what was left out and why, where the parts of a cell
 * that need a browser count as skipped tests; each reason for a skipped test with its count, what passed in each backend and mode, then `N passed, N failed, N skipped`. With QKV_REQUIRE_BROWSER it
 * fails a run in which a browser project, or a backend that runs on any machine, passed no test; with QKV_GPU_MODULES also one in which those
 * did not that need the packages there.
 */
export default class PlainSummary {
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: errors.length, skipped: 0 }
    const reasons = new Map()
    const passedIn = new Map()
    const cells = new CellCounts()
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1
      for (const test of module.children.allTests()) {
        const { state, note } = test.result()
        if (state === 'pending') continue
        counts[state] += 1
        if (state === 'passed') {
          passedIn.set(module.project.name, (passedIn.get(module.project.name) ?? 0) + 1)
          cells.add(module.project.name, module.moduleId, titlesOf(test))
        }
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
      for (const { name, parts } of pageCells) reasons.set(`${name}: needs Chromium`, parts.length)
      counts.skipped += pageCells.reduce((total, { parts }) => total + parts.length, 0)
    }
    const projects = [...passedIn.keys()]
    const missing = [
      ...(env.QKV_REQUIRE_BROWSER
        ? browserProjectNames.filter((name) => !projects.some((project) => project.startsWith(name)))
        : []),
      ...cells.missing(env.QKV_REQUIRE_BROWSER ? [...nodeCells, ...pageCells] : []),
      ...cells.missing(env.QKV_GPU_MODULES ? onDemandCells : []),
    ]
    for (const name of missing) {
      console.log(`required, but no test has passed: ${name}`)
      counts.failed += 1
      process.exitCode = 1
    }
    for (const line of cells.lines()) console.log(line)
    for (const [reason, count] of reasons) console.log(`skipped ${count}: ${reason}`)
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  }
}

/** The titles around a test, from the outermost, and its own, without the quotes around values in titles. */
function titlesOf({ name, parent }) {
  const title = name.replace(/^'(.*)'$/, '$1')
  return parent.type === 'module' ? [title] : [...titlesOf(parent), title]
}
