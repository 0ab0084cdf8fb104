import { type ArgsDef, type CommandDef, defineCommand } from 'citty'
import { markdownOf } from 'qkv/bench'
import { goalsOf } from './goals.ts'
import { measureAll } from './measure-all.ts'
import { goalsTable, writePage } from './page.ts'

/** The table of goals, and the page of figures. */
export const goalsCommand: CommandDef = defineCommand<ArgsDef>({
  meta: { name: 'goals', description: 'Measures everything, and says which goals are reached.' },
  args: {
    seconds: { type: 'string', default: '0.5', description: 'how long to measure each workload' },
    passes: { type: 'string', default: '3', description: 'how often; the calmest pass counts' },
    json: { type: 'boolean', default: false, description: 'print goals and all measurements as JSON' },
    write: { type: 'boolean', default: false, description: 'write the tables into docs/benchmarks.md' },
  },
  async run({ args }) {
    const values: Readonly<Record<string, unknown>> = args
    const seconds = readNumber(values, 'seconds', 0)
    const passes = Math.ceil(readNumber(values, 'passes', 1))
    const measurements = await measureAll({ seconds, passes, onProgress: (line) => console.error(line) })
    const goals = goalsOf(measurements)
    if (values['write'] === true) await writePage(goals, measurements)
    console.log(
      values['json'] === true
        ? JSON.stringify({ goals, ...measurements }, null, 2)
        : markdownOf(goalsTable(goals)),
    )
  },
})

function readNumber(values: Readonly<Record<string, unknown>>, name: string, least: number): number {
  const value = Number(values[name])
  if (Number.isFinite(value) && value >= least) return value
  console.error(`bench: '--${name}' is '${String(values[name])}', expected a number of at least ${least}.`)
  process.exit(2)
}
