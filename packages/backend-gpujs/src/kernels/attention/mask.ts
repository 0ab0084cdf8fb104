import type { AttentionMask } from '@qkv/tensor'
import { type AttentionCall, broadcastPlace, type ScoreIndices } from './call.ts'

/** Whether a mask can be written as a formula: tables of blocks cannot. */
export function isFormula(mask: AttentionMask): boolean {
  if (mask.kind === 'and' || mask.kind === 'or') return mask.of.every((part) => isFormula(part))
  return mask.kind !== 'blocks'
}

/** 1 where the score at hand is kept, else 0; `undefined` when all are. The number `s0` is the position of the first query. */
export function keepFormula(
  call: AttentionCall,
  indices: ScoreIndices,
  read: (input: AttentionCall['inputs']['query']) => string,
): string | undefined {
  const { inputs, attrs } = call
  const kept = maskFormula(attrs.mask, indices, (tensor) => {
    const input = inputs.masks[tensor]!
    return `${read(input)}[${broadcastPlace(input, indices)}]`
  })
  const { keyLengths } = inputs
  const filled =
    keyLengths && `isBelow(${indices.key}, ${read(keyLengths)}[${keyLengths.place(indices.batch)}])`
  return kept !== undefined && filled !== undefined ? `${kept} * ${filled}` : (kept ?? filled)
}

function maskFormula(
  mask: AttentionMask,
  indices: ScoreIndices,
  tensor: (index: number) => string,
): string | undefined {
  const { query, key } = indices
  switch (mask.kind) {
    case 'all':
      return undefined
    case 'causal':
      return `(1 - isBelow(s0 + ${query}, ${key}))`
    case 'window': {
      const distance = `(s0 + ${query} - ${key})`
      const inside = `(1 - isBelow(${mask.left}, ${distance})) * (1 - isBelow(${distance}, -${mask.right}))`
      return mask.sinks ? `larger(${inside}, isBelow(${key}, ${mask.sinks}))` : inside
    }
    case 'tensor':
      return tensor(mask.input)
    case 'blocks':
      throw new Error('a mask of blocks has no formula')
    case 'and': {
      const parts = mask.of.flatMap((part) => maskFormula(part, indices, tensor) ?? [])
      return parts.length === 0 ? undefined : parts.map((part) => `(${part})`).join(' * ')
    }
    case 'or': {
      const parts = mask.of.map((part) => maskFormula(part, indices, tensor))
      return parts.some((part) => part === undefined)
        ? undefined
        : (parts as string[]).reduce((kept, part) => `larger(${kept}, ${part})`)
    }
  }
}
