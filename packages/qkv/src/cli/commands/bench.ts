import { suggestion } from '@qkv/tensor'
import type { SimdBuild } from '@qkv/backend-cpu'
import { UsageError } from '../../errors/usage-error.ts'
import type { BenchResult } from '../../run/bench/results.ts'
import { runBench } from '../../run/bench/run-bench.ts'
import { suites } from '../../run/bench/suites/index.ts'
import { markdownOf, rowsOf, tableOf } from '../../run/bench/tables.ts'
import { type Command, createCommand } from '../command.ts'
import { formatColumns } from '../format.ts'
import { type Io, writeLine } from '../io.ts'
import { readNumber, readWholeNumber } from '../read-option.ts'
import { readBackend } from '../read-settings.ts'
import { reportSelection } from '../report-selection.ts'

const builds: readonly SimdBuild[] = ['relaxed', 'plain', 'none']

/** Measures how fast a backend is. */
export const bench: Command = createCommand({
  name: 'bench',
  description:
    'Measure a backend: products of matrices, other operations, training steps, decoding, cost per operation, copies, memory.',
  example: 'qkv bench gemm --backend cpu --threads 1 --json',
  args: {
    suites: {
      type: 'positional',
      required: false,
      description: `Some of ${suites.map(({ name }) => name).join(', ')}; all unless said.`,
    },
    backend: { type: 'string', valueHint: 'names', description: 'What to measure; cpu unless said.' },
    threads: {
      type: 'string',
      valueHint: 'numbers',
      description: 'Counts of threads to compare, as 1,2; these unless said, where the machine has two.',
    },
    simd: {
      type: 'string',
      valueHint: 'builds',
      description: `The kernels to compare: ${builds.join(', ')}, or several with commas; the fastest that run unless said.`,
    },
    seconds: {
      type: 'string',
      valueHint: 'number',
      default: '0.5',
      description: 'How long to measure each workload.',
    },
    json: { type: 'boolean', description: 'Print the results as JSON.' },
    markdown: { type: 'boolean', description: 'Print the results as tables in Markdown.' },
  },
  async run(args, io) {
    if (args.json === true && args.markdown === true) throw formatError()
    const options = {
      suites: args._,
      seconds: readNumber('bench', '--seconds', args.seconds),
      backend: readBackend(args.backend, io.env),
      threads: readThreads(args.threads),
      simd: readBuilds(args.simd),
    }
    const asItComes = args.json !== true && args.markdown !== true
    const notes: string[] = []
    const onNote = (note: string): void => {
      notes.push(note)
      writeLine(io.stderr, note)
    }
    const results = await runBench({
      ...options,
      onDevice: (device) => reportSelection(device, io),
      onNote,
      onResults: asItComes ? linesTo(io) : undefined,
    })
    if (args.json === true) writeLine(io.stdout, JSON.stringify({ notes, results }))
    if (args.markdown === true) writeLine(io.stdout, tablesOf(results))
  },
})

/** Columns that are wide enough for most, since a row is printed before the next one is known. */
const widths = [22, 22, 7, 3, 9, 20, 12]

function linesTo(io: Io): (results: readonly BenchResult[]) => void {
  return (results) => {
    for (const row of results.flatMap((result) => rowsOf(result)))
      writeLine(io.stdout, formatColumns([row.map((cell, index) => cell.padEnd(widths[index] ?? 0))]))
  }
}

function tablesOf(results: readonly BenchResult[]): string {
  const tables = suites.flatMap(({ name, description }) => {
    const own = results.filter(({ suite }) => suite === name)
    return own.length === 0 ? [] : [`${description}\n\n${markdownOf(tableOf(own))}`]
  })
  return tables.join('\n\n')
}

function readThreads(text: string | undefined): readonly number[] | undefined {
  return readList('--threads', text, (part) => readWholeNumber('bench', '--threads', part, 1)!)
}

function readBuilds(text: string | undefined): readonly SimdBuild[] | undefined {
  return readList('--simd', text, (part) => builds.find((build) => build === part) ?? refuseBuild(part))
}

/** Values with commas between them, each once. */
function readList<Value>(
  option: string,
  text: string | undefined,
  read: (part: string) => Value,
): readonly Value[] | undefined {
  if (text === undefined) return undefined
  const values = text.split(',').map((part) => read(part.trim()))
  if (new Set(values).size === values.length) return values
  throw new UsageError({
    operation: 'qkv bench',
    argument: option,
    got: `is '${text}'`,
    expected: 'different values',
    fix: 'Name each once.',
  })
}

function refuseBuild(name: string): never {
  throw new UsageError({
    operation: 'qkv bench',
    argument: '--simd',
    got: `is '${name}'`,
    expected: `one of ${builds.join(', ')}`,
    fix: `${suggestion(name, builds)}Leave it out to measure the fastest.`,
  })
}

function formatError(): UsageError {
  return new UsageError({
    operation: 'qkv bench',
    argument: '--markdown',
    got: 'is given with --json',
    expected: 'one format',
    fix: 'Leave one of them out.',
  })
}
