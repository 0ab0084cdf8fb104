import { untrack } from 'svelte'

/** A value that reaches the parts of a page one after another, so that no change of all of them holds the page up. */
export interface Staggered<Value> {
  /** What a part shows; after a new value for a moment still the one before. */
  at(part: number): Value | undefined
  /** Whether all parts show the same. */
  readonly settled: boolean
}

/**
 * Hands a value on to so many parts, one per turn of the event loop; all lose it at once when it is gone. For use while a component
 * is made.
 *
 * @example
 * const shown = stagger(() => run, 3)
 * // {#if shown.at(0)} ... {/if} {#if shown.at(1)} ... {/if}
 */
export function stagger<Value>(value: () => Value | undefined, parts: number): Staggered<Value> {
  const none: readonly (Value | undefined)[] = Array.from({ length: parts }, () => undefined)
  let shown = $state.raw(none)

  $effect(() => {
    const next = value()
    let part = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    function hand(): void {
      shown = shown.with(part, next)
      part += 1
      if (part < parts) timer = setTimeout(hand)
    }
    untrack(() => {
      if (next === undefined) shown = none
      else hand()
    })
    return () => clearTimeout(timer)
  })

  return {
    at: (part) => (value() === undefined ? undefined : shown[part]),
    get settled() {
      return shown.every((each) => each === value())
    },
  }
}
