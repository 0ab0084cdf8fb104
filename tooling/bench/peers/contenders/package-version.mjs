import { readFileSync } from 'node:fs'

const folder = new URL('../node_modules/', import.meta.url)

/** The version of an installed package. */
export const packageVersion = (name) =>
  JSON.parse(readFileSync(new URL(`${name}/package.json`, folder), 'utf8')).version
