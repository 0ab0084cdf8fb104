import { ArgumentError, formatShape, type Tensor } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'

/** Throws an `ArgumentError` unless a side input has a flag for each key: `bool` `[batch, key]`, or `[1, key]` for all rows. */
export function checkKeyFlags(
  { queryInput, keyLength }: Pick<AttentionContext, 'queryInput' | 'keyLength'>,
  part: string,
  name: string,
  flags: Tensor,
): void {
  const batch = queryInput.shape[0]!
  const [rows, columns] = flags.shape
  const fits = flags.rank === 2 && columns === keyLength && (rows === batch || rows === 1)
  if (fits && flags.dtype === 'bool') return
  throw new ArgumentError({
    operation: part,
    argument: `side.${name}`,
    got: `is ${flags.dtype} ${formatShape(flags.shape)}`,
    expected: `bool [${batch}, ${keyLength}], a flag for each key`,
    fix: 'Bring it for all keys of the call, those of cached positions included.',
  })
}
