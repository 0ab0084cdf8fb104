import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const folder = new URL('../models/', import.meta.url)

interface ModelFile {
  /** Below the folder of models. */
  readonly name: string
  readonly content: Uint8Array
}

/**
 * Puts the trained models beside the built page, where they are in this checkout, and tells the page what is in them: browsers
 * keep the files of a version.
 */
export function models(directions: readonly string[]): Plugin {
  const found = new Map(directions.map((direction) => [direction, readFiles(direction)]))
  return {
    name: 'models',
    config: () => ({
      define: {
        modelVersions: JSON.stringify(
          Object.fromEntries([...found].map(([direction, files]) => [direction, versionOf(files)])),
        ),
      },
    }),
    generateBundle() {
      for (const { name, content } of [...found.values()].flat()) {
        this.emitFile({ type: 'asset', fileName: `models/${name}`, source: content })
      }
    },
  }
}

function readFiles(direction: string): readonly ModelFile[] {
  return readdirSync(new URL(`${direction}/`, folder))
    .filter((name) => name !== 'package.json' && /\.(json|safetensors)$/.test(name))
    .toSorted()
    .map((name) => `${direction}/${name}`)
    .map((name) => ({ name, content: readFileSync(new URL(name, folder)) }))
}

/** A few letters that differ when a file does. */
function versionOf(files: readonly ModelFile[]): string {
  const hash = createHash('sha256')
  for (const { name, content } of files) hash.update(name).update(content)
  return hash.digest('hex').slice(0, 12)
}
