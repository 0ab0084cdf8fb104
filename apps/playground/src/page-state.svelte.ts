import { untrack } from 'svelte'
import { address, writeState } from './address.svelte.ts'

/** What a link said about a page: its state, or why it could not be used. */
export interface ReadState<State> {
  readonly state: State
  /** Names of what could not be read; the state has the default there. */
  readonly refused: readonly string[]
}

export interface PageState<State> {
  current: State
  /** Of the link that the page was opened with. */
  readonly refused: readonly string[]
}

/** Links are written at most this often, in milliseconds: browsers slow down pages that write more. */
const writeInterval = 150

/**
 * State of the open page that lives in its address: a link brings it back. For use while a component is made.
 *
 * @example
 * const page = pageState(readPositions, writePositions)
 * page.current = { ...page.current, width: 8 }
 */
export function pageState<State>(
  read: (parameters: URLSearchParams) => ReadState<State>,
  write: (state: State) => Readonly<Record<string, string | undefined>>,
): PageState<State> {
  const { path } = untrack(address)
  const opened = untrack(() => read(address().state))
  let current = $state.raw(opened.state)
  let refused = $state.raw(opened.refused)
  let written = untrack(() => address().state.toString())
  let timer: ReturnType<typeof setTimeout> | undefined

  // Another link to the same page.
  $effect(() => {
    const { path: open, state } = address()
    if (open !== path || state.toString() === written) return
    written = state.toString()
    clearTimeout(timer)
    ;({ state: current, refused } = read(state))
  })
  $effect(() => () => clearTimeout(timer))

  function writeSoon(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (address().path !== path) return
      const state = write(current)
      writeState(state)
      written = address().state.toString()
    }, writeInterval)
  }

  return {
    get current() {
      return current
    },
    set current(next) {
      current = next
      refused = []
      writeSoon()
    },
    get refused() {
      return refused
    },
  }
}
