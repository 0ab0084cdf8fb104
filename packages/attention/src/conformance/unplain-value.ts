/** Where something is that JSON does not keep as it is, such as a function or an infinite number; `null` when all is plain data. */
export function unplainValue(value: unknown, path: string): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${path} is ${value}`
  if (typeof value !== 'object') return `${path} is a ${typeof value}`
  const { constructor } = value as { readonly constructor?: { readonly name: string } }
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype)
    return `${path} is a ${constructor?.name ?? 'object without a prototype'}`
  for (const [name, entry] of Object.entries(value)) {
    // An option that is undefined is left out, which is the same.
    if (entry === undefined && !Array.isArray(value)) continue
    const found = unplainValue(entry, `${path}.${name}`)
    if (found !== null) return found
  }
  return null
}
