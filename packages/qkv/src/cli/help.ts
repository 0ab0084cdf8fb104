import { stripVTControlCharacters } from 'node:util'
import { type ArgsDef, type CommandDef, defineCommand, renderUsage } from 'citty'
import type { Command } from './command.ts'
import { type Io, writeLine } from './io.ts'

const description = 'Train Transformers that translate, look inside them, and use them.'

/** Prints what `qkv` can do. */
export async function writeMainHelp(
  commands: readonly Command[],
  io: Io,
  output: Io['stdout'],
): Promise<void> {
  const subCommands = Object.fromEntries(commands.map(({ name, definition }) => [name, definition]))
  const main = defineCommand<ArgsDef>({
    meta: { name: 'qkv', description },
    args: {
      help: { type: 'boolean', alias: 'h', description: 'Print this help.' },
      version: { type: 'boolean', alias: 'v', description: 'Print the version.' },
    },
    subCommands,
  })
  await write(main, undefined, 'qkv demo', io, output)
}

/** Prints the options of one command, and an example. */
export async function writeCommandHelp({ definition, example }: Command, io: Io): Promise<void> {
  const parent = defineCommand<ArgsDef>({ meta: { name: 'qkv' } })
  await write(definition, parent, example, io, io.stdout)
}

async function write(
  definition: CommandDef,
  parent: CommandDef | undefined,
  example: string,
  { env }: Io,
  output: Io['stdout'],
): Promise<void> {
  const usage = await renderUsage(definition, parent)
  const isPlain = output.isTTY !== true || Boolean(env['NO_COLOR'])
  writeLine(output, (isPlain ? stripVTControlCharacters(usage) : usage).trimEnd())
  writeLine(output, `\nEXAMPLE\n\n  ${example}\n`)
}
