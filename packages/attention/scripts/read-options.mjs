// The options of a part, from the interface that its factory takes: names, kinds of value and comments. All can be left out.
import { readFileSync } from 'node:fs'

/** The options of the function `factory` of a file; none where it takes none. */
export function readOptions(file, factory) {
  const text = readFileSync(file, 'utf8')
  const signature = new RegExp(`^export function ${factory}\\(([^)]*)\\)`, 'm').exec(text)
  if (!signature) throw new Error(`${file}: expected a function ${factory}, named as its file is.`)
  if (signature[1] === '') return []
  const type = /^\w+: (\w+)( = \{\})?$/.exec(signature[1].trim().replace(/,$/, ''))
  if (!type) throw new Error(`${file}: ${factory} takes (${signature[1]}), expected one object of options.`)
  return membersOf(file, text, type[1])
}

/** The members of an interface, or of several that are one type, in this file or the one that it comes from. */
function membersOf(file, text, name) {
  const joined = new RegExp(`^export type ${name} = (\\w+(?: & \\w+)*)$`, 'm').exec(text)
  if (joined) return joined[1].split(' & ').flatMap((part) => membersOf(file, text, part))
  const found = new RegExp(`^export interface ${name}(?: extends (\\w+))? \\{\\n([^]*?)^\\}`, 'm').exec(text)
  if (!found) {
    const origin = new RegExp(`^import [^;]*?\\b${name}\\b[^;]*? from '(\\..*)'`, 'm').exec(text)
    if (!origin) throw new Error(`${file}: expected an interface ${name}, or one that is imported.`)
    const source = new URL(origin[1], file)
    return membersOf(source, readFileSync(source, 'utf8'), name)
  }
  const [, base, body] = found
  const own = [...body.matchAll(/^ {2}\/\*\*([^]*?)\*\/\n {2}readonly (\w+)\?: (.*)$/gm)].map(
    ([, comment, option, type]) => ({
      name: option,
      kinds: kindsOf(file, text, type),
      about: comment.replace(/\s+(?:\* )?/g, ' ').trim(),
    }),
  )
  if (own.length !== (body.match(/^ {2}readonly /gm) ?? []).length)
    throw new Error(`${file}: expected each member of ${name} to be optional, with a comment before it.`)
  return [...own, ...(base ? membersOf(file, text, base) : [])]
}

/** What each member of a union is, each kind once. */
function kindsOf(file, text, type) {
  const members = type.split(' | ').filter((member) => member !== 'undefined')
  return [...new Set(members.map((member) => kindOf(file, text, member)))]
}

/** `number`, `boolean`, `string`, `numbers` (a list), `rows` (a list of lists) or `object`, from the text of a type. */
function kindOf(file, text, type) {
  if (type === 'number' || type === 'boolean' || type === 'string') return type
  if (type.startsWith("'") || /^\(typeof \w+\)\[number\]$/.test(type)) return 'string'
  if (type === 'readonly (readonly number[])[]') return 'rows'
  if (type === 'readonly number[]' || type.startsWith('readonly [')) return 'numbers'
  if (type.startsWith('Readonly<Record<') || type.startsWith('{') || type.startsWith('(')) return 'object'
  if (new RegExp(`^export interface ${type}\\b`, 'm').test(text)) return 'object'
  const alias = new RegExp(`^export type ${type} =\\s*(?:\\| )?(.*)$`, 'm').exec(text)
  if (alias) return kindOf(file, text, alias[1])
  const origin = new RegExp(`^import [^;]*?\\b${type}\\b[^;]*? from '(\\..*)'`, 'm').exec(text)
  if (!origin)
    throw new Error(`${file}: expected an option of numbers, flags, words, lists or objects, got ${type}.`)
  const source = new URL(origin[1], file)
  return kindOf(source, readFileSync(source, 'utf8'), type)
}
