import { type AttentionPart, causal } from '@qkv/attention'
import { add, logicalNot, reshape, type Tensor } from '@qkv/tensor'
import type { CaseCall } from './case-call.ts'
import type { GoldenTensor } from './golden-case.ts'

const source = 'PyTorch, torch.nn.MultiheadAttention'

/**
 * PyTorch's masks as parts of a composition. `bool` masks, true where a key is masked OUT, become masks; float masks
 * are added to the scores. `name` is that of the case's input; without it there is no part.
 *
 * `[query, key]` holds for all, `[batch * heads, query, key]` for each head.
 */
export function attentionMaskParts(call: CaseCall, name: string, heads: number): readonly AttentionPart[] {
  const mask = call.optionalInput(name)
  if (!mask) return []
  if (hidesTheFuture(call.testCase.inputs[name]!)) return [causal()]
  if (mask.rank === 2) return [givenMask(name, mask)]
  const [rows, query, key] = mask.shape as [number, number, number]
  return [givenMask(name, reshape(mask, [rows / heads, heads, query, key]))]
}

/** The same for a mask of padded keys, `[batch, key]`. */
export function paddingMaskParts(call: CaseCall, name: string): readonly AttentionPart[] {
  const mask = call.optionalInput(name)
  if (!mask) return []
  const [batch, key] = mask.shape as [number, number]
  return [givenMask(name, reshape(mask, [batch, 1, 1, key]))]
}

/** `bool` `[batch, key]`, true for real tokens, from the first of the inputs that the case has. */
export function keptKeys(call: CaseCall, ...names: readonly string[]): Tensor | 'none' {
  const mask = names.map((name) => call.optionalInput(name)).find((input) => input !== undefined)
  return mask ? logicalNot(mask) : 'none'
}

/** A part that adds a given tensor to the scores. */
export function addedScores(name: string, bias: Tensor): AttentionPart {
  return { name, source, bias: (_, scores) => add(scores, bias) }
}

function givenMask(name: string, mask: Tensor): AttentionPart {
  return mask.dtype === 'bool'
    ? { name, source, mask: () => ({ kind: 'tensor', keep: logicalNot(mask) }) }
    : addedScores(name, mask)
}

/** Whether a mask is the square triangle that `causal` stands for. */
function hidesTheFuture({ dtype, shape: [rows, columns], data }: GoldenTensor): boolean {
  return (
    dtype === 'bool' &&
    rows === columns &&
    data.length === rows! * columns! &&
    data.every((hidden, index) => Boolean(hidden) === index % columns! > Math.floor(index / columns!))
  )
}
