/** The name of an op without its namespace; its decomposition tags its sites `name.something`. */
export function localName(op: { readonly name: string }): string {
  return op.name.slice(op.name.lastIndexOf('/') + 1)
}

/** Whether a site has the name that a pattern asks for; `*` stands for any characters. */
export function matchesSite(pattern: string, site: string): boolean {
  return new RegExp(`^${pattern.split('*').map(escape).join('.*')}$`, 'u').test(site)
}

/** Whether some site that starts with `prefix` could match the pattern. */
export function mayMatchPrefix(pattern: string, prefix: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return pattern.startsWith(prefix)
  const fixed = pattern.slice(0, star)
  return fixed.startsWith(prefix) || prefix.startsWith(fixed)
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`)
}
