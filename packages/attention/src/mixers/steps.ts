import { uniform } from '@qkv/nn'
import { exp, mul, neg, reshape, softplus, type Tensor, where } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import type { ParameterDeclaration } from '../part.ts'
import { keptKeys } from './features.ts'
import { gateOf, gateParameters } from './gates.ts'

/**
 * What Mamba-2's decay is made of: a step size per head and position from the layer's input, and a rate per head. Starts with
 * steps of 0.001 to 0.1 and rates of 1 to 16.
 *
 * Source: Dao and Gu 2024, Transformers are SSMs, and its published code.
 */
export const stepParameters: Readonly<Record<string, ParameterDeclaration>> = {
  ...gateParameters('step', { bias: uniform({ low: -6.9, high: -2.25 }) }),
  logRate: {
    owner: 'attention',
    shape: ({ heads }) => [heads, 1],
    initializer: uniform({ low: 0, high: Math.log(16) }),
  },
}

/** `softplus(w·x + b)` and, times minus the rate, the logarithm of what is left: `[batch, heads, length]` each. */
export function stepsOf(context: AttentionContext): { readonly step: Tensor; readonly logDecay: Tensor } {
  const step = softplus(gateOf(context, 'step', context.keyInput))
  return { step, logDecay: neg(mul(step, exp(context.parameter('logRate')))) }
}

/** Zeros at positions that fill up, of numbers `[batch, heads, length, ...]`: nothing fades there, and nothing is stored. */
export function onlyReal(context: AttentionContext, numbers: Tensor): Tensor {
  const [batch, , length, ...columns] = numbers.shape as [number, number, number, ...number[]]
  const keep = keptKeys(context, length)
  return keep ? where(reshape(keep, [batch, 1, length, ...columns.map(() => 1)]), numbers, 0) : numbers
}
