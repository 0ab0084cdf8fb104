// The process of one contender: requests come as lines of JSON on standard input, replies go to standard output.
import { createInterface } from 'node:readline'
import { readInputs, writeOutput } from './input-files.mjs'

// What libraries print must not mix with the replies.
for (const level of ['log', 'info', 'debug']) console[level] = console.error

const reply = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)
const describe = (error) => (error instanceof Error ? error.message : String(error))
const [, , file, options = '{}'] = process.argv

/** @type {import('./contract.d.ts').Contender} */
let contender
/** @type {import('./contract.d.ts').Prepared | undefined} */
let prepared

const requests = {
  /** Answers with the time of the first run; one that is longer than `longestRun` stays the only one. */
  async prepare({ kind, settings, inputs, output, checkedRuns, longestRun }) {
    prepared = await contender.implementations[kind](readInputs(inputs), settings)
    await prepared.reset?.()
    const first = await timed(prepared.run)
    if (first.wall <= longestRun) {
      for (let count = 1; count < checkedRuns; count++) await prepared.run()
    }
    writeOutput(output, Float32Array.from(await prepared.output()))
    return first
  },
  /** Total time of some runs, without what brings back their state. */
  async measure({ runs }) {
    if (prepared.reset === undefined) return timed(() => repeat(prepared.run, runs))
    const total = { wall: 0, cpu: 0 }
    for (let count = 0; count < runs; count++) {
      await prepared.reset()
      const { wall, cpu } = await timed(prepared.run)
      total.wall += wall
      total.cpu += cpu
    }
    return total
  },
  async dispose() {
    await prepared?.dispose?.()
    prepared = undefined
    return {}
  },
}

/** Milliseconds on the clock, and of all threads of this process. */
async function timed(body) {
  const before = process.cpuUsage()
  const start = performance.now()
  await body()
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  return { wall, cpu: (user + system) / 1000 }
}

/** Waits for promises only: awaiting what is none would cost a tenth of the shortest runs. */
async function repeat(run, runs) {
  for (let count = 0; count < runs; count++) {
    const result = run()
    if (result instanceof Promise) await result
  }
}

try {
  const { open } = await import(file)
  contender = await open(JSON.parse(options))
  const { version, detail, implementations, reasons } = contender
  reply({ version, detail, kinds: Object.keys(implementations), reasons })
} catch (error) {
  reply({ error: describe(error) })
  process.exit(0)
}

for await (const line of createInterface({ input: process.stdin })) {
  const { request, ...values } = JSON.parse(line)
  try {
    reply(await requests[request](values))
  } catch (error) {
    reply({ error: describe(error) })
  }
}
process.exit(0)
