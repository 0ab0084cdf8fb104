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
    json: { type: 'boolean', default: false, description: 'print goals and all measurements as JSON' },
    write: { type: 'boolean', default: false, description: 'write the tables into docs/benchmarks.md' },
  },
  async run({ args }) {
    const values: Readonly<Record<string, unknown>> = args
    const seconds = Number(values['seconds'])
    if (!(Number.isFinite(seconds) && seconds >= 0)) {
      console.error(`bench: '--seconds' is '${String(values['seconds'])}', expected a number of at least 0.`)
      process.exit(2)
    }
    const measurements = await measureAll(seconds, (line) => console.error(line))
    const goals = goalsOf(measurements)
    if (values['write'] === true) await writePage(goals, measurements)
    console.log(
      values['json'] === true
        ? JSON.stringify({ goals, ...measurements }, null, 2)
        : markdownOf(goalsTable(goals)),
    )
  },
})
