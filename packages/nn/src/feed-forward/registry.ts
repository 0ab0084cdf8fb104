import { ArgumentError } from '@qkv/tensor'
import type { Initialization } from '../initialization.ts'
import { nearestName } from '../module/nearest-name.ts'
import { convolutionalKinds } from './convolutional.ts'
import type { FeedForward, FeedForwardKind, FeedForwardOptions } from './feed-forward.ts'
import { gatedKinds } from './gated.ts'
import { mlpKinds } from './mlp.ts'

/** Every feed-forward network of this package. */
export const feedForwards: readonly FeedForwardKind[] = [...mlpKinds, ...gatedKinds, ...convolutionalKinds]

/**
 * Makes the feed-forward network that a config names, or the one that it gives. Throws an `ArgumentError` for a name
 * that is not known.
 *
 * @example
 * createFeedForward('swiglu', initialization, { width: 512, innerWidth: 1365, dropout: 0.1, causal: false })
 */
export function createFeedForward(
  kind: string | FeedForwardKind,
  initialization: Initialization,
  options: FeedForwardOptions,
): FeedForward {
  if (typeof kind !== 'string') return kind.create(initialization, options)
  const known = feedForwards.find(({ name }) => name === kind)
  if (known) return known.create(initialization, options)
  const names = feedForwards.map(({ name }) => name)
  const nearest = nearestName(kind, names)
  throw new ArgumentError({
    operation: 'createFeedForward',
    argument: 'kind',
    got: `is '${kind}'`,
    expected: `one of ${names.map((name) => `'${name}'`).join(', ')}`,
    fix: nearest === undefined ? 'Pass a FeedForwardKind of your own.' : `Did you mean '${nearest}'?`,
  })
}
