// The same work on qkv and on other libraries, in turns. The workloads are in workloads/, the libraries in contenders/.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contenders } from './contenders/index.mjs'
import { ContenderProcess } from './source/contender-process.mjs'
import { measureWorkload } from './source/measure-workload.mjs'
import { readOptions } from './source/options.mjs'
import { writePage } from './source/page.mjs'
import { describeMachine, reportTargets, reportWorkload } from './source/report.mjs'
import { compareWithTargets } from './source/targets.mjs'
import { workloads } from './workloads/index.mjs'

const options = readOptions(workloads, contenders)
const started = []
const missing = []
const folder = mkdtempSync(join(tmpdir(), 'qkv-peers-'))

function cleanUp() {
  for (const { process } of started) process.end()
  rmSync(folder, { recursive: true, force: true })
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    cleanUp()
    process.exit(130)
  })
}

try {
  const machine = describeMachine()
  console.log(`${machine.processor}, ${machine.platform}, Node ${machine.node}`)
  for (const contender of contenders.filter(({ name }) => options.contenders.has(name))) {
    const child = new ContenderProcess(contender)
    try {
      const info = await child.receive()
      started.push({ name: contender.name, process: child, info })
      console.log(`  ${contender.name}: ${info.version}, ${info.detail}`)
    } catch (error) {
      child.end()
      missing.push({ contender: contender.name, reason: error.message })
      console.log(`  ${contender.name} is missing: ${error.message}`)
    }
  }
  if (started[0]?.name !== contenders[0].name) throw new Error(`${contenders[0].name} itself does not start`)

  const results = []
  for (const workload of workloads.filter(({ name }) => options.workloads.has(name))) {
    const result = await measureWorkload(workload, started, { folder, ...options })
    results.push(result)
    console.log(`\n${reportWorkload(result).join('\n')}`)
  }
  const targets = compareWithTargets(results)
  for (const line of reportTargets(targets)) console.log(line)
  const total = started.length + missing.length
  console.log(`${started.length} of ${total} contenders took part${listOf(missing)}.`)
  const versions = Object.fromEntries(
    started.map(({ name, info }) => [name, `${info.version}, ${info.detail}`]),
  )
  const report = { machine, clock: options.clock, contenders: versions, missing, results, targets }
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
  if (options.write) writePage(report)
} catch (error) {
  console.error(`bench:peers: ${error.message}.`)
  process.exitCode = 1
} finally {
  cleanUp()
}

function listOf(missing) {
  return missing.length === 0 ? '' : `; missing: ${missing.map(({ contender }) => contender).join(', ')}`
}
