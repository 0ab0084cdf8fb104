import type { Composition } from '../compose.ts'
import { CompositionError } from '../errors.ts'
import type { AttentionCache } from './attention-cache.ts'
import { fullCache } from './full.ts'
import { stateCache } from './state.ts'

/**
 * An empty cache of the kind that a composition works with: its state where it is a recurrence, else keys and values. Throws a
 * `CompositionError` where a part needs every position at once.
 *
 * @example
 * const cache = createCache(compose([linear(), causal()])) // a state
 */
export function createCache(composition: Composition): AttentionCache {
  rejectUncacheable(composition)
  return isRecurrent(composition) ? stateCache() : fullCache()
}

function isRecurrent(composition: Composition): boolean {
  return composition.owner('mix')?.recur !== undefined
}

/** Throws a `CompositionError` where nothing can be kept from position to position. */
export function rejectUncacheable({ name, uncacheable }: Composition): void {
  if (uncacheable === undefined) return
  throw new CompositionError({
    operation: name,
    argument: 'cache',
    got: `is asked for, but ${uncacheable}`,
    expected: "parts that work position by position, or cache: 'none'",
    fix: "Compute whole sequences with cache: 'none', or replace the part.",
  })
}

/** Throws a `CompositionError` for a cache of another kind than the composition works with. */
export function checkCache(composition: Composition, cache: AttentionCache): void {
  rejectUncacheable(composition)
  const kind = isRecurrent(composition) ? 'state' : 'keys'
  if (cache.kind === kind) return
  throw new CompositionError({
    operation: composition.name,
    argument: 'cache',
    got: `is '${cache.name}', which keeps ${cache.kind === 'state' ? 'a state' : 'keys'}`,
    expected: kind === 'state' ? 'one that keeps a state' : 'one that keeps keys',
    fix: 'Make it with `createCache(composition)`.',
  })
}
