import { suggestion } from '@qkv/tensor'
import { readFile } from 'node:fs/promises'
import { explainError } from '../errors/explain-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Command } from './command.ts'
import { bench } from './commands/bench.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { evaluate } from './commands/evaluate.ts'
import { init } from './commands/init.ts'
import { parts } from './commands/parts.ts'
import { quantize } from './commands/quantize.ts'
import { train } from './commands/train.ts'
import { translate } from './commands/translate.ts'
import { writeCommandHelp, writeMainHelp } from './help.ts'
import { colorsFor, type Io, writeLine } from './io.ts'

/** Every command of `qkv`, in the order of the help. */
export const commands: readonly Command[] = [
  init,
  train,
  translate,
  evaluate,
  quantize,
  parts,
  doctor,
  bench,
  demo,
]

/**
 * Runs `qkv` with arguments, and returns its exit code: 0 when all went well, 1 when the work failed, 2 for wrong
 * arguments or a wrong config, 130 after Ctrl-C. Errors become one sentence on stderr.
 *
 * @example
 * process.exitCode = await run(process.argv.slice(2), processIo())
 */
export async function run(rawArguments: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(rawArguments, io)
  } catch (error) {
    return reportError(error, rawArguments, io)
  }
}

async function dispatch([name, ...rest]: readonly string[], io: Io): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') {
    await writeMainHelp(commands, io, io.stdout)
    return 0
  }
  if (name === '--version' || name === '-v') {
    writeLine(io.stdout, await version())
    return 0
  }
  if (name === undefined) {
    await writeMainHelp(commands, io, io.stderr)
    return 2
  }
  const command = commands.find((each) => each.name === name)
  if (!command) throw unknownCommandError(name)
  if (options(rest).some((each) => each === '--help' || each === '-h')) {
    await writeCommandHelp(command, io)
    return 0
  }
  return command.run(rest, io)
}

function reportError(error: unknown, rawArguments: readonly string[], io: Io): number {
  const { sentence, exitCode } = explainError(error)
  const { red, dim } = colorsFor(io.stderr, io.env)
  writeLine(io.stderr, `${red('error')} ${sentence}`)
  if (options(rawArguments).includes('--verbose')) {
    for (let each: unknown = error; each instanceof Error; each = each.cause) {
      writeLine(io.stderr, dim(each.stack ?? String(each)))
    }
  }
  return exitCode
}

/** What comes before `--`. */
function options(rawArguments: readonly string[]): readonly string[] {
  const end = rawArguments.indexOf('--')
  return end < 0 ? rawArguments : rawArguments.slice(0, end)
}

async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  return String((manifest as { readonly version: string }).version)
}

function unknownCommandError(name: string): UsageError {
  const names = commands.map((each) => each.name)
  return new UsageError({
    operation: 'qkv',
    argument: name,
    got: name.startsWith('-') ? 'is no option of qkv' : 'is no command',
    expected: `one of ${names.join(', ')}`,
    fix: `${suggestion(name, names)}See \`qkv --help\`.`,
  })
}
