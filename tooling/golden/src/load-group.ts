import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GoldenGroup } from './golden-case.ts'
import { parseGroup, type StoredGroup } from './parse-group.ts'

/** The names of the groups in a folder: its `.json` files that hold cases. */
export function groupNames(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .filter((name) => Array.isArray(readStored(folder, name).cases))
    .toSorted()
}

/**
 * Reads `<name>.json` and the `.bin` that it names; throws an `Error` when a tensor lies outside the file.
 *
 * @example
 * const { cases } = loadGroup('cases', 'ops_elementwise')
 */
export function loadGroup(folder: string, name: string): GoldenGroup {
  const stored = readStored(folder, name)
  const bytes = stored.bin ? readFileSync(join(folder, stored.bin)) : new Uint8Array(0)
  // Typed arrays need offsets that are multiples of 8 in their own buffer, which a pooled one does not give.
  return parseGroup(name, stored, new Uint8Array(bytes).buffer)
}

function readStored(folder: string, name: string): StoredGroup {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as StoredGroup
}
