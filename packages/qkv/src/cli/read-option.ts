import { UsageError } from '../errors/usage-error.ts'

/** An option that is a whole number; `undefined` when it is not given. Throws a `UsageError` for anything else. */
export function readWholeNumber(
  command: string,
  option: string,
  value: string | undefined,
  minimum: number,
): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number >= minimum) return number
  throw rangeError(command, option, value, `a whole number of at least ${minimum}`)
}

/** An option that is a number of at least 0. */
export function readNumber(command: string, option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (value.trim() !== '' && Number.isFinite(number) && number >= 0) return number
  throw rangeError(command, option, value, 'a number of at least 0')
}

function rangeError(command: string, option: string, value: string, expected: string): UsageError {
  return new UsageError({
    operation: `qkv ${command}`,
    argument: option,
    got: `is '${value}'`,
    expected,
    fix: `See \`qkv ${command} --help\`.`,
  })
}
