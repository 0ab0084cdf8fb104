import type { BackendChoice } from '@qkv/tensor'
import type { Config } from '../../config/config.ts'
import { findConfigFile, loadConfig } from '../../config/load-config.ts'
import { describeSystem, type SystemReport } from '../../run/describe-system.ts'
import { type Command, createCommand } from '../command.ts'
import { formatColumns } from '../format.ts'
import { formatDescription } from '../format-description.ts'
import { colorsFor, type Io, writeLine } from '../io.ts'
import { readBackend } from '../read-settings.ts'

/** Says what works here, and what to install. */
export const doctor: Command = createCommand({
  name: 'doctor',
  description: 'Check Node, the machine and the backends, and say what to install.',
  example: 'qkv doctor --json',
  args: {
    backend: {
      type: 'string',
      valueHint: 'names',
      description:
        'What is asked for, one or several by preference; as the config says, or cpu, unless said.',
    },
    json: { type: 'boolean', description: 'Print the findings as JSON.' },
  },
  async run(args, io) {
    const found = findConfigFile(io.cwd)
    const config = found === undefined ? undefined : (await loadConfig({ folder: io.cwd })).config
    const backend = readBackend(args.backend, io.env) ?? listOf(config?.backend)
    const { report, refusal } = await describeSystem({
      plugins: config?.plugins ?? [],
      backend,
      folder: io.cwd,
    })
    const healthy = report.node.supported && report.selection.chosen !== null
    if (args.json === true)
      writeLine(io.stdout, JSON.stringify({ healthy, config: found ?? null, ...report }))
    else writeLine(io.stdout, format(report, found, io))
    // What was found is said first; then this ends as every other command would.
    if (report.selection.chosen === null) throw refusal
    return healthy ? 0 : 1
  },
})

function listOf(backend: Config['backend']): readonly BackendChoice[] | undefined {
  return backend === undefined || Array.isArray(backend)
    ? (backend as readonly BackendChoice[] | undefined)
    : [backend as BackendChoice]
}

function format(
  { node, platform, processor, threads, memory, webAssembly, backends, selection }: SystemReport,
  config: string | undefined,
  io: Io,
): string {
  const { green, red } = colorsFor(io.stdout, io.env)
  const facts = formatColumns([
    ['Node', `${node.version} ${node.supported ? '(supported)' : `(too old: ${node.wanted} is needed)`}`],
    ['system', platform],
    ['processor', `${processor}, ${threads} threads`],
    ['memory', `${gibibytes(memory.freeBytes)} of ${gibibytes(memory.totalBytes)} GiB free`],
    ['WebAssembly', `SIMD ${yesNo(webAssembly.simd)}, threads ${yesNo(webAssembly.threads)}`],
    ['backend', `${selection.chosen ?? 'none'}, of ${selection.asked.join(', ')}`],
    ['config', config ?? 'none here (qkv init writes one)'],
  ])
  const states = backends.flatMap(({ name, available, reason, description }) =>
    available
      ? [
          `  ${green('yes')}  ${name}`,
          ...formatDescription(name, description).map((line) => `       ${line}`),
        ]
      : [`  ${red('no')}   ${name}: ${reason}`],
  )
  return [facts, '', 'backends', ...states].join('\n')
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1)
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no'
}
