import { join } from 'node:path'
import { readOutput, writeInputs } from './input-files.mjs'
import { consensus, relativeDifference, summarize } from './statistics.mjs'

const leastSamples = 3
/** Milliseconds of work in one turn: long against the clock, short against what else the machine does. */
const turn = 40
/** Milliseconds after which a first run was warm-up enough, whatever it compiled. */
const longestWarmUp = 10_000

/**
 * Has all contenders do one workload: first once, to compare what they compute, then in turns, to be timed.
 * @param {import('./contract.d.ts').Workload} workload
 * @param {readonly { name: string, process: import('./contender-process.mjs').ContenderProcess, info: object }[]} contenders
 */
export async function measureWorkload(workload, contenders, { folder, seconds, clock, longestRun }) {
  const inputs = join(folder, 'inputs.json')
  writeInputs(inputs, workload.createInputs())
  const rows = contenders.map(({ name }) => ({ contender: name }))
  const participants = []
  for (const [index, { name, process, info }] of contenders.entries()) {
    const row = rows[index]
    if (!info.kinds.includes(workload.kind)) {
      row.reason = info.reasons[workload.kind] ?? 'has no implementation of it'
      continue
    }
    try {
      const output = join(folder, `${name}.bin`)
      const { kind, settings, checkedRuns } = workload
      const request = { kind, settings, checkedRuns, inputs, output, longestRun: longestRun * 1000 }
      const first = await process.request('prepare', request)
      participants.push({ row, process, first, output: readOutput(output), times: [] })
    } catch (error) {
      row.reason = `fails: ${error.message}`
    }
  }
  const right = compare(workload, participants)
  await takeTurns(right, { seconds, clock, longestRun })
  for (const { row, times } of right) {
    row.milliseconds = summarize(times.map((time) => time / workload.unitsPerRun))
    if (workload.operations) row.gigaflops = workload.operations / row.milliseconds.median / 1e6
  }
  for (const { row, process } of participants) {
    await process.request('dispose').catch((error) => {
      row.reason ??= `fails: ${error.message}`
    })
  }
  const baseline = rows[0].milliseconds?.median
  for (const row of rows.slice(1)) if (row.milliseconds) row.ratio = row.milliseconds.median / baseline
  const { name, unit } = workload
  return { name, unit, clock, rows }
}

/** Those who computed what most of them did; whoever did not is not timed. Slow ones may have made fewer of the runs. */
function compare({ tolerance }, participants) {
  if (participants.length === 0) return []
  const length = Math.max(...participants.map(({ output }) => output.length))
  const complete = participants.filter(({ output }) => output.length === length)
  const expected = consensus(complete.map(({ output }) => output))
  for (const { row, output } of participants) {
    row.difference = relativeDifference(output, expected.subarray(0, output.length))
    if (!(row.difference <= tolerance))
      row.reason = `computes something else: differs by ${row.difference.toExponential(1)}, allowed are ${tolerance}`
  }
  return participants.filter(({ row }) => row.reason === undefined)
}

/** Fills `times` with milliseconds per run, a sample per turn. */
async function takeTurns(participants, { seconds, clock, longestRun }) {
  const slow = ({ first }) => first.wall > longestRun * 1000
  for (const participant of participants) {
    if (slow(participant)) participant.times.push(participant.first[clock])
    else await warmUp(participant)
  }
  const going = new Set(participants.filter((participant) => !slow(participant)))
  while (going.size > 0) {
    for (const participant of going) {
      const { process, runs, times, row } = participant
      try {
        const total = await process.request('measure', { runs })
        times.push(total[clock] / runs)
        participant.spent += total.wall
      } catch (error) {
        row.reason = `fails: ${error.message}`
        going.delete(participant)
      }
      if (times.length >= leastSamples && participant.spent > seconds * 1000) going.delete(participant)
    }
  }
}

/** Lets compilers finish, and finds how many runs make a turn; the first run says nothing about that. */
async function warmUp(participant) {
  const measure = async () => (await participant.process.request('measure', { runs: participant.runs })).wall
  participant.spent = 0
  participant.runs = 1
  if (participant.first.wall > longestWarmUp) return
  for (let time = await measure(); time < turn; time = await measure())
    participant.runs = Math.ceil(participant.runs * Math.min(10, (1.2 * turn) / time))
}
