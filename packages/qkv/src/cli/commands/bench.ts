import { UsageError } from '../../errors/usage-error.ts'
import { suggestion } from '../../errors/nearest-name.ts'
import { openDevice } from '../../presets.ts'
import { gemmWorkloads } from '../../run/bench/gemm.ts'
import { type BenchResult, measure, type Workload } from '../../run/bench/measure.ts'
import { opWorkloads } from '../../run/bench/ops.ts'
import { trainingStepWorkload } from '../../run/bench/training-step.ts'
import type { Device } from '@qkv/tensor'
import { type Command, createCommand } from '../command.ts'
import { formatColumns } from '../format.ts'
import { writeLine } from '../io.ts'
import { readNumber } from '../read-option.ts'
import { readBackend } from '../read-settings.ts'

const suites: Readonly<Record<string, (device: Device) => readonly Workload[]>> = {
  gemm: gemmWorkloads,
  ops: opWorkloads,
  train: (device) => [trainingStepWorkload(device)],
}

/** Measures how fast a backend is. */
export const bench: Command = createCommand({
  name: 'bench',
  description:
    'Measure a backend: products of matrices (gemm), other operations (ops), a training step (train).',
  example: 'qkv bench gemm --backend cpu --json',
  args: {
    suites: {
      type: 'positional',
      required: false,
      description: 'gemm, ops or train, or several; all unless said.',
    },
    backend: { type: 'string', valueHint: 'names', description: 'What to measure; cpu unless said.' },
    seconds: {
      type: 'string',
      valueHint: 'number',
      default: '0.5',
      description: 'How long to measure each workload.',
    },
    json: { type: 'boolean', description: 'Print the results as JSON.' },
  },
  async run(args, io) {
    const seconds = readNumber('bench', '--seconds', args.seconds)!
    const names = args._.length > 0 ? args._ : Object.keys(suites)
    for (const name of names) if (!Object.hasOwn(suites, name)) throw unknownSuiteError(name)
    const device = await openDevice({ backend: readBackend(args.backend, io.env) ?? 'cpu' })
    try {
      const results: BenchResult[] = []
      for (const name of names) {
        for (const workload of suites[name]!(device)) {
          const result = await measure(device, workload, seconds)
          results.push(result)
          if (args.json !== true) writeLine(io.stdout, rowOf(result))
        }
      }
      if (args.json === true) writeLine(io.stdout, JSON.stringify({ results }))
    } finally {
      await device.dispose()
    }
  },
})

function rowOf(result: BenchResult): string {
  const { name, shape, milliseconds, lowerQuartile, upperQuartile, gflops, tokensPerSecond } = result
  const spread = `${lowerQuartile.toFixed(2)} to ${upperQuartile.toFixed(2)}`
  const rate =
    gflops === null
      ? tokensPerSecond === null
        ? ''
        : `${Math.round(tokensPerSecond)} tokens/s`
      : `${gflops.toFixed(2)} GFLOP/s`
  const cells = [
    name.padEnd(14),
    shape.padEnd(16),
    `${milliseconds.toFixed(2)} ms`.padStart(12),
    `(${spread})`.padStart(20),
    rate,
  ]
  return formatColumns([cells])
}

function unknownSuiteError(name: string): UsageError {
  const known = Object.keys(suites)
  return new UsageError({
    operation: 'qkv bench',
    argument: name,
    got: 'is no benchmark',
    expected: `one of ${known.join(', ')}`,
    fix: `${suggestion(name, known)}Leave it out to run all of them.`,
  })
}
