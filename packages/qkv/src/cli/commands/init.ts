import { existsSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { writeFileAtomically } from '@qkv/checkpoints/files'
import { UsageError } from '../../errors/usage-error.ts'
import { knownBackends } from '../../presets.ts'
import { type Command, createCommand } from '../command.ts'
import { writeLine } from '../io.ts'
import { configTemplate } from '../config-template.ts'
import { readBackend } from '../read-settings.ts'

/** Writes a config to start from. */
export const init: Command = createCommand({
  name: 'init',
  description: 'Write a qkv.config.ts to start from.',
  example: 'qkv init && qkv train',
  args: {
    output: {
      type: 'string',
      valueHint: 'file',
      default: 'qkv.config.ts',
      description: 'Where to write it.',
    },
    backend: {
      type: 'string',
      valueHint: 'names',
      description: 'What the config computes with, such as cpu, or several by preference: webgpu,cpu.',
    },
    force: { type: 'boolean', description: 'Replace the file if there is one.' },
    json: { type: 'boolean', description: 'Print the path as JSON.' },
  },
  async run(args, io) {
    const path = resolve(io.cwd, args.output)
    // What the environment says holds without being written down.
    const backend = readBackend(args.backend, {})
    // A name that no backend has would be refused by whatever reads the config.
    knownBackends(backend ?? [], { folder: dirname(path) })
    if (existsSync(path) && args.force !== true) {
      throw new UsageError({
        operation: 'qkv init',
        argument: '--output',
        got: `is ${args.output}, which is there already`,
        expected: 'a new file',
        fix: 'Write another with --output, or replace it with --force.',
      })
    }
    await writeFileAtomically(path, new TextEncoder().encode(configTemplate(backend)))
    const isDefault = basename(path) === 'qkv.config.ts' && args.output === 'qkv.config.ts'
    const next = isDefault ? 'qkv train' : `qkv train --config ${args.output}`
    if (args.json === true) writeLine(io.stdout, JSON.stringify({ path, next }))
    else writeLine(io.stdout, `Wrote ${args.output}. Next: ${next}`)
  },
})
