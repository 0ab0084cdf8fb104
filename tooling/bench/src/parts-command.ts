import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { type ArgsDef, type CommandDef, defineCommand } from 'citty'
import { isTiming, runBench, type TimingResult } from 'qkv/bench'

const target = new URL('../../../docs/reference/parts-measured.json', import.meta.url)

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
    const timings = results.filter(isTiming)
    const measured = {
      machine: `Node ${process.versions.node}, ${cpus()[0]?.model.trim()}, one thread`,
      parts: partsOf(timings.filter(({ suite }) => suite === 'parts')),
      exponents: exponentsOf(timings.filter(({ suite }) => suite === 'lengths')),
    }
    await writeFile(target, `${JSON.stringify(measured, undefined, 2)}\n`)
    console.log('wrote docs/reference/parts-measured.json; npm run catalogue puts it into the table')
  },
})

/** Milliseconds of each part, alone and with gradients. */
function partsOf(timings: readonly TimingResult[]): Record<string, readonly number[]> {
  const parts: Record<string, number[]> = {}
  for (const { name, milliseconds } of timings)
    (parts[name.replace(', gradients', '')] ??= []).push(round(milliseconds))
  return parts
}

/** The power of the length that time grows with: a line through the logarithms, from 1,024 positions on. */
function exponentsOf(timings: readonly TimingResult[]): Record<string, number> {
  const points = new Map<string, [number, number][]>()
  for (const { name, shape, milliseconds } of timings) {
    const length = Number.parseInt(shape, 10)
    if (length < 1024) continue
    const own = points.get(name) ?? []
    points.set(name, [...own, [Math.log(length), Math.log(milliseconds)]])
  }
  return Object.fromEntries([...points].map(([name, own]) => [name, round(slopeOf(own))]))
}

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const covariance = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return covariance / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
