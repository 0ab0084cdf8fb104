import { writeFile } from 'node:fs/promises'
import { type ArgsDef, type CommandDef, defineCommand } from 'citty'
import { type GrowthResult, isGrowth, isTiming, runBench, type TimingResult } from 'qkv/bench'
import { describeOneThread } from './describe-machine.ts'

const target = new URL('../../../packages/qkv/parts-measured.json', import.meta.url)

/** Measures attention parts, for the table in docs/reference/parts.md. */
export const partsCommand: CommandDef = defineCommand<ArgsDef>({
  meta: {
    name: 'parts',
    description: 'Measure every attention part, and write the figures for the catalogue.',
  },
  args: { seconds: { type: 'string', default: '0.3', description: 'How long to measure each.' } },
  async run({ args }) {
    const seconds = Number(args['seconds'])
    const results = await runBench({
      suites: ['parts', 'lengths'],
      threads: [1],
      seconds,
      onResults: (some) => {
        for (const { name, shape } of some) console.error(`· ${name}, ${shape}`)
      },
    })
    const measured = {
      machine: describeOneThread(),
      parts: partsOf(results.filter(isTiming)),
      growth: results.filter(isGrowth).map(growthOf),
    }
    await writeFile(target, `${JSON.stringify(measured, undefined, 2)}\n`)
    console.log('wrote packages/qkv/parts-measured.json; npm run catalogue puts it into the table')
  },
})

/** Milliseconds of each part, alone and with gradients, and the bytes that live in each. */
function partsOf(timings: readonly TimingResult[]): Record<string, object> {
  const parts: Record<string, { milliseconds: number[]; peakBytes: number[] }> = {}
  for (const { name, milliseconds, peakBytes } of timings) {
    const part = (parts[name.replace(', gradients', '')] ??= { milliseconds: [], peakBytes: [] })
    part.milliseconds.push(round(milliseconds))
    part.peakBytes.push(peakBytes!)
  }
  return parts
}

/** What is in the table of lengths. */
function growthOf({ name, composition, points, timeExponent, memoryExponent }: GrowthResult): object {
  return {
    name,
    composition,
    points: points.map(({ length, milliseconds, peakBytes }) => [length, round(milliseconds), peakBytes]),
    timeExponent: Number(timeExponent.toFixed(2)),
    memoryExponent: Number(memoryExponent.toFixed(2)),
  }
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
