import type { StorageDType } from '@qkv/tensor'

/** What an elementwise op does with the elements `a`, `b` and `c` of its inputs, as WGSL. */
export interface Formula {
  /** An expression, or one for the element type of the inputs; a condition where the output is `bool`, unless it moves elements. */
  readonly expression: string | ((dtype: StorageDType, attrs: unknown) => string)
  /** Numbers that the expression reads as `parameters.name`. */
  readonly parameters?: readonly string[]
  /** Whether it gives elements of its inputs as they are. */
  readonly moves?: boolean
  /** Whether it is for floats alone: integers of 32 bits do not fit the parameters. */
  readonly floatsOnly?: boolean
  readonly values?: (attrs: never, scalars: readonly number[]) => readonly number[]
}

export function formula(expression: Formula['expression']): Formula {
  return { expression }
}

/** The text of a formula for a dtype, which is also what tells its kernels apart. */
export function textOf({ expression }: Formula, dtype: StorageDType, attrs: unknown): string {
  return typeof expression === 'string' ? expression : expression(dtype, attrs)
}
