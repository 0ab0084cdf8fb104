/**
 * Leaves attention parts out of a page: of those that a config can name, only `names` are there. A page whose models are known needs
 * no others, and all of them together are larger than its own code.
 */
export function attentionParts(names) {
  const listed = /(export const partFactories(?:: readonly PartFactory\[\])? = \[)[^\]]*\]/
  const factoryOf = (name) => name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase())
  return {
    name: 'attention-parts',
    transform(code, id) {
      if (!/\/attention\/(?:src|dist)\/generated\/parts\.[jt]s$/.test(id)) return undefined
      if (!listed.test(code)) throw new Error(`${id} has no list of parts to choose from.`)
      const missing = names.find((name) => !code.includes(`{ ${factoryOf(name)} }`))
      if (missing !== undefined) throw new Error(`The attention part '${missing}' is not in ${id}.`)
      return { code: code.replace(listed, `$1${names.map(factoryOf).join(', ')}]`), map: null }
    },
  }
}
