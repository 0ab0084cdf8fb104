import { ArgumentError } from '@qkv/tensor'

/** What a number may be: in words, and as a test. */
export interface NumberRule {
  readonly expected: string
  fits(value: number): boolean
}

export const finite: NumberRule = { expected: 'a finite number', fits: Number.isFinite }

export function numberAbove(bound: number): NumberRule {
  return {
    expected: `a number above ${bound}`,
    fits: (value) => Number.isFinite(value) && value > bound,
  }
}

export function numberFrom(least: number): NumberRule {
  return {
    expected: `a number of at least ${least}`,
    fits: (value) => Number.isFinite(value) && value >= least,
  }
}

export function wholeFrom(least: number): NumberRule {
  return {
    expected: `a whole number of at least ${least}`,
    fits: (value) => Number.isSafeInteger(value) && value >= least,
  }
}

export function multipleOf(divisor: number): NumberRule {
  return { expected: `a multiple of ${divisor}`, fits: (value) => value % divisor === 0 }
}

export const even: NumberRule = { expected: 'an even number', fits: (value) => value % 2 === 0 }

export const odd: NumberRule = { expected: 'an odd number', fits: (value) => value % 2 === 1 }

const otherwise = 'Leave it out for the default.'

/** Throws an `ArgumentError` for the first option that breaks the rule; those that were left out are not looked at. */
export function checkOptions(
  part: string,
  options: Readonly<Record<string, number | undefined>>,
  rule: NumberRule,
  fix: string = otherwise,
): void {
  for (const [argument, value] of Object.entries(options)) {
    if (value !== undefined) checkRequired(part, { [argument]: value }, rule, fix)
  }
}

/** The same for options that cannot be left out: without types they may be. */
export function checkRequired(
  part: string,
  options: Readonly<Record<string, number>>,
  { expected, fits }: NumberRule,
  fix: string,
): void {
  for (const [argument, value] of Object.entries(options)) {
    if (fits(value)) continue
    throw new ArgumentError({ operation: part, argument, got: `is ${written(value)}`, expected, fix })
  }
}

/** Throws an `ArgumentError` for the first option that is none of the words that there are. */
export function checkChoice(
  part: string,
  options: Readonly<Record<string, string>>,
  choices: readonly string[],
  fix: string = otherwise,
): void {
  for (const [argument, value] of Object.entries(options)) {
    if (choices.includes(value)) continue
    const words = choices.map((choice) => `'${choice}'`)
    throw new ArgumentError({
      operation: part,
      argument,
      got: `is '${String(value)}'`,
      expected: `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`,
      fix,
    })
  }
}

/** A value in a sentence; without types it may be anything. */
function written(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}
