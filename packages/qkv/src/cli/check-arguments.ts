import { suggestion } from '@qkv/tensor'
import type { ArgsDef } from 'citty'
import { UsageError } from '../errors/usage-error.ts'

type Argument = ArgsDef[string]

/**
 * Throws a `UsageError` for options that the command does not have, options without their value, and arguments where it
 * takes none. A positional argument named in the plural takes any number.
 */
export function checkArguments(command: string, rawArguments: readonly string[], args: ArgsDef): void {
  const options = new Map<string, Argument>()
  for (const [name, argument] of Object.entries(args)) {
    if (argument.type === 'positional') continue
    options.set(`--${name}`, argument)
    for (const alias of 'alias' in argument && argument.alias !== undefined ? [argument.alias].flat() : []) {
      options.set(`-${alias}`, argument)
    }
  }
  const end = rawArguments.indexOf('--')
  const before = end < 0 ? rawArguments : rawArguments.slice(0, end)
  const positional: string[] = end < 0 ? [] : rawArguments.slice(end + 1)
  for (let index = 0; index < before.length; index += 1) {
    const raw = before[index]!
    if (!raw.startsWith('-') || raw === '-') {
      positional.push(raw)
      continue
    }
    const equals = raw.indexOf('=')
    const name = equals < 0 ? raw : raw.slice(0, equals)
    const argument = options.get(name)
    if (!argument)
      throw unknownOptionError(
        command,
        name,
        [...options.keys()].filter((each) => each.startsWith('--')),
      )
    if (argument.type === 'boolean') {
      if (equals >= 0) throw valueError(command, name, `has the value '${raw.slice(equals + 1)}'`, 'no value')
      continue
    }
    if (equals >= 0) continue
    index += 1
    const value = before[index]
    if (value === undefined || options.has(value.split('=', 1)[0]!)) {
      throw valueError(command, name, 'has no value', `a value, as in ${name}=VALUE`)
    }
  }
  checkPositional(command, positional, args)
}

function checkPositional(command: string, given: readonly string[], args: ArgsDef): void {
  const taken = Object.entries(args).filter(([, { type }]) => type === 'positional')
  if (given.length <= taken.length || taken.some(([name]) => name.endsWith('s'))) return
  const extra = given[taken.length]!
  throw new UsageError({
    operation: `qkv ${command}`,
    argument: extra,
    got: 'is one argument too many',
    expected: taken.length === 0 ? 'options only' : `at most ${taken.length}`,
    fix: `See \`qkv ${command} --help\`.`,
  })
}

function unknownOptionError(command: string, name: string, known: readonly string[]): UsageError {
  return new UsageError({
    operation: `qkv ${command}`,
    argument: name,
    got: 'is no option of this command',
    expected: `one of ${known.join(', ')}`,
    fix: `${suggestion(name, known)}See \`qkv ${command} --help\`.`,
  })
}

function valueError(command: string, name: string, got: string, expected: string): UsageError {
  return new UsageError({
    operation: `qkv ${command}`,
    argument: name,
    got,
    expected,
    fix: `See \`qkv ${command} --help\`.`,
  })
}
