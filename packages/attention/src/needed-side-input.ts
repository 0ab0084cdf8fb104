import type { Tensor } from '@qkv/tensor'
import type { AttentionContext } from './context.ts'
import { CompositionError } from './errors.ts'

/** A side input that a part cannot do without. Throws a `CompositionError` where the call says `'none'`. */
export function neededSideInput(
  context: Pick<AttentionContext, 'sideInput'>,
  part: string,
  name: string,
  what: string,
  fix: string,
): Tensor {
  const tensor = context.sideInput(name)
  if (tensor) return tensor
  throw new CompositionError({
    operation: part,
    argument: `side.${name}`,
    got: "is 'none'",
    expected: what,
    fix,
  })
}
