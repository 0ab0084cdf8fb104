/** Which page is open, and in what state: `#/by-hand?input=...`. */
export interface Address {
  readonly path: string
  readonly state: URLSearchParams
}

let current = $state.raw<Address>(parse(location.hash))

addEventListener('hashchange', () => {
  current = parse(location.hash)
})

/** The address of the page; reading it in a component follows changes. */
export function address(): Address {
  return current
}

/**
 * Writes the state of the open page into the address, without another entry in the history. Undefined values are left out.
 *
 * @public
 */
export function writeState(state: Readonly<Record<string, string | undefined>>): void {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(state)) if (value !== undefined) parameters.set(name, value)
  const text = parameters.toString()
  history.replaceState(null, '', `#/${current.path}${text === '' ? '' : `?${text}`}`)
  current = { path: current.path, state: parameters }
}

function parse(hash: string): Address {
  const [path = '', state = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  return { path, state: new URLSearchParams(state) }
}
