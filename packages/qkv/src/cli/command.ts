import { type ArgsDef, type CommandDef, defineCommand, parseArgs, type ParsedArgs } from 'citty'
import { checkArguments } from './check-arguments.ts'
import type { Io } from './io.ts'

/** One command of `qkv`. */
export interface Command {
  readonly name: string
  /** As citty knows it: for the help. */
  readonly definition: CommandDef
  /** A line to copy. */
  readonly example: string
  /** Throws a `UsageError` for wrong arguments; returns the exit code, 0 unless said. */
  run(rawArguments: readonly string[], io: Io): Promise<number>
}

export interface CommandOptions<Args extends ArgsDef> {
  readonly name: string
  readonly description: string
  readonly example: string
  readonly args: Args
  run(args: ParsedArgs<Args>, io: Io): Promise<number | void>
}

const commonArguments: ArgsDef = {
  help: { type: 'boolean', alias: 'h', description: 'Print this help.' },
  verbose: { type: 'boolean', description: 'Print stack traces of errors.' },
}

/** Makes a command whose arguments are checked strictly: what is not known is an error. */
export function createCommand<const Args extends ArgsDef>(options: CommandOptions<Args>): Command {
  const { name, description, example } = options
  const args: ArgsDef = { ...options.args, ...commonArguments }
  return {
    name,
    example,
    definition: defineCommand<ArgsDef>({ meta: { name, description }, args }),
    async run(rawArguments, io) {
      checkArguments(name, rawArguments, args)
      const parsed = parseArgs<Args>([...rawArguments], args)
      return (await options.run(parsed, io)) ?? 0
    },
  }
}
