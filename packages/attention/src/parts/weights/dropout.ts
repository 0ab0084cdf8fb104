import { dropout as drop } from '@qkv/tensor'
import { checkOptions } from '../../check-options.ts'
import type { AttentionPart } from '../../part.ts'

export interface DropoutOptions {
  /** Share of the weights to drop, from 0 to below 1; 0.1 unless said. */
  readonly rate?: number
}

/**
 * Drops a share of the attention weights while training, and scales up the rest.
 *
 * @example
 * compose([scaledDot(), dropout({ rate: 0.1 })])
 */
export function dropout(options: DropoutOptions = {}): AttentionPart {
  const { rate = 0.1 } = options
  checkOptions(
    'dropout',
    { rate },
    { expected: 'a share from 0 to below 1', fits: (share) => share >= 0 && share < 1 },
    'Something has to be left: 0.1 is usual.',
  )
  return {
    name: 'dropout',
    source:
      'Srivastava et al. 2014, Dropout: A Simple Way to Prevent Neural Networks from Overfitting; on attention weights as in PyTorch',
    about: {
      year: 2014,
      formula: 'A ← A m / (1 - rate), m is 0 with probability rate, else 1, while training',
      use: 'Small data sets, on which a model would learn single weights by heart.',
    },
    options,
    fused: { dropoutRate: rate },
    weights: (context, weights) =>
      context.training ? drop(weights, { rate, key: context.nextKey() }) : weights,
  }
}
