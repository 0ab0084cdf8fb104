import type { DType, TensorSpec } from '../dtype.ts'
import { DTypeError } from '../errors/dtype-error.ts'

export const numericDTypes: readonly DType[] = ['float32', 'int32']

/** Throws a `DTypeError` unless the input has one of the dtypes. */
export function checkDType(
  operation: string,
  argument: string,
  spec: TensorSpec,
  dtypes: readonly DType[],
): void {
  if (dtypes.includes(spec.dtype as DType)) return
  throw new DTypeError({
    operation,
    argument,
    got: `has dtype ${spec.dtype}`,
    expected: dtypes.join(' or '),
    fix: `Convert it with \`cast(${argument}, '${dtypes[0]}')\`.`,
  })
}
