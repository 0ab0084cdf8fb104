import { suggestion } from '@qkv/tensor'
import { UsageError } from '../../errors/usage-error.ts'
import { findConfigFile, loadConfig } from '../../config/load-config.ts'
import { openDevice } from '../../presets.ts'
import { type ListedPart, listParts } from '../../run/list-parts.ts'
import { sortPlugins } from '../../run/sort-plugins.ts'
import { type Command, createCommand } from '../command.ts'
import { formatColumns } from '../format.ts'
import { writeLine } from '../io.ts'
import { readBackend } from '../read-settings.ts'
import { reportSelection } from '../report-selection.ts'

/** Lists the attention parts that a config can name. */
export const parts: Command = createCommand({
  name: 'parts',
  description: 'List the attention parts that a config can name, those of its plugins too.',
  example: 'qkv parts alibi rope --json',
  args: {
    names: { type: 'positional', required: false, description: 'Some of them, in full; all unless said.' },
    backend: {
      type: 'string',
      valueHint: 'names',
      description: 'Where to look for fused attention; cpu unless said.',
    },
    json: { type: 'boolean', description: 'Print them as a JSON array.' },
  },
  async run(args, io) {
    const found = findConfigFile(io.cwd)
    const config = found === undefined ? undefined : (await loadConfig({ folder: io.cwd })).config
    const plugins = config?.plugins ?? []
    const device = await openDevice({
      backend: readBackend(args.backend, io.env) ?? ['cpu'],
      plugins: sortPlugins(plugins).backends,
      folder: io.cwd,
    })
    reportSelection(device, io)
    try {
      const listed = choose(listParts(plugins, [device.backend]), args._)
      writeLine(io.stdout, args.json === true ? JSON.stringify(listed) : format(listed, args._.length > 0))
    } finally {
      await device.dispose()
    }
  },
})

function choose(listed: readonly ListedPart[], names: readonly string[]): readonly ListedPart[] {
  if (names.length === 0) return listed
  const known = listed.map(({ name }) => name)
  return names.map((name) => listed.find((part) => part.name === name) ?? refuse(name, known))
}

function refuse(name: string, known: readonly string[]): never {
  throw new UsageError({
    operation: 'qkv parts',
    argument: name,
    got: 'is no attention part',
    expected: `one of ${known.join(', ')}`,
    fix: `${suggestion(name, known)}Leave it out to list all of them.`,
  })
}

function format(listed: readonly ListedPart[], inFull: boolean): string {
  if (inFull) return listed.map((part) => describe(part)).join('\n\n')
  const rows = listed.map(({ name, stages, year, fusedOn, cache, use, from }) => [
    name,
    stages.join(' '),
    year === undefined ? '' : String(year),
    fusedOn.length > 0 ? 'fused' : '',
    cache,
    from === 'plugin' ? `(plugin) ${use ?? ''}` : (use ?? ''),
  ])
  return formatColumns([['name', 'stages', 'year', 'fused', 'cache', 'use'], ...rows])
}

function describe(part: ListedPart): string {
  const facts = [
    ['stages', part.stages.join(', ')],
    ['formula', part.formula ?? ''],
    ['use', part.use ?? ''],
    ['source', part.source],
    ...part.options.map(({ name, about }, index) => [index === 0 ? 'options' : '', `${name}: ${about}`]),
    ['parameters', part.parameters.join(', ')],
    ['side inputs', part.sideInputs.join(', ')],
    ['causal', yesNo(part.causal)],
    ['padding', yesNo(part.padding)],
    ['cross-attention', yesNo(part.cross)],
    ['weights readable', yesNo(part.weightsReadable)],
    ['cache', part.cache],
    ['fused on', part.fusedOn.join(', ')],
    ['memory grows with', `length^${part.memoryExponent}`],
    ...measuredFacts(part.measured),
    ['from', part.from],
  ].filter(([, value]) => value !== '')
  return `${part.name}\n${formatColumns(facts.map(([label, value]) => [`  ${label}`, value!]))}`
}

function measuredFacts(measured: ListedPart['measured']): readonly (readonly string[])[] {
  if (!measured) return []
  const { milliseconds, peakBytes, timeExponent } = measured
  const megabytes = peakBytes.map((bytes) => (bytes / 1e6).toFixed(1))
  return [
    ['time grows with', timeExponent === undefined ? '' : `length^${timeExponent}`],
    ['256 positions', `${milliseconds.join(' ms, with gradients ')} ms, ${megabytes.join(' MB and ')} MB`],
  ]
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no'
}
