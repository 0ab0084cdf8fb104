import { createFeedForward, type FeedForward, type Initialization } from '@qkv/nn'
import type { TransformerConfig } from './config.ts'

/** What encoder and decoder have in common. */
export type StackConfig = Pick<
  TransformerConfig,
  | 'width'
  | 'heads'
  | 'innerWidth'
  | 'feedForward'
  | 'dropout'
  | 'norm'
  | 'finalNorm'
  | 'epsilon'
  | 'maximumLength'
>

export function createStackFeedForward(
  init: Initialization,
  config: StackConfig,
  options: { readonly causal: boolean },
): FeedForward {
  const { width, innerWidth, dropout, feedForward } = config
  return createFeedForward(feedForward, init, { width, innerWidth, dropout, ...options })
}
