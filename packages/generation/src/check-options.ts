import { ArgumentError } from '@qkv/tensor'

/** Throws an `ArgumentError` unless there is at least one prompt, all are equally long, and none is empty. */
export function checkPrompts(operation: string, prompts: readonly (readonly number[])[]): void {
  const length = prompts[0]?.length ?? 0
  const odd = prompts.findIndex((prompt) => prompt.length !== length)
  if (length > 0 && odd < 0) return
  throw new ArgumentError({
    operation,
    argument: 'prompts',
    got:
      length === 0
        ? 'is empty'
        : `has ${prompts[odd]!.length} tokens at index ${odd}, and ${length} at index 0`,
    expected: 'at least one prompt, each with equally many tokens',
    fix: 'Start with the begin token, and search prompts of different lengths one after the other.',
  })
}

/** Throws an `ArgumentError` unless `value` is a whole number of at least 1. */
export function checkCount(operation: string, argument: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return
  throw new ArgumentError({
    operation,
    argument,
    got: `is ${value}`,
    expected: 'a whole number of at least 1',
    fix: 'Give a count.',
  })
}
