import type { GoldenGroup } from '../src/golden-case.ts'
import { parseGroup, type StoredGroup } from '../src/parse-group.ts'

/** Reads a group of our own cases from the server that this module came from; throws an `Error` when a file is not there. */
export async function fetchGroup(name: string): Promise<GoldenGroup> {
  const stored = (await (await fetchFile(`${name}.json`)).json()) as StoredGroup
  const tensors = stored.bin ? await (await fetchFile(stored.bin)).arrayBuffer() : new ArrayBuffer(0)
  return parseGroup(name, stored, tensors)
}

async function fetchFile(name: string): Promise<Response> {
  const response = await fetch(new URL(`../cases/${name}`, import.meta.url))
  if (!response.ok) throw new Error(`'${name}' was not served: ${response.status} ${response.statusText}`)
  return response
}
