import { RunError } from '../errors/run-error.ts'

/** Where the files of a stored model are read from: a web server, a folder, a cache, memory. */
export interface ModelFiles {
  /** What errors call the place: an address or a path. */
  readonly source: string
  /** The bytes of a file, by its plain name; throws when there is none. */
  read(name: string): Promise<Uint8Array>
}

/** The files of a stored model. */
export const modelFileNames = {
  description: 'config.json',
  weights: 'model.safetensors',
  tokenizer: 'tokenizer.json',
  sourceTokenizer: 'source-tokenizer.json',
  targetTokenizer: 'target-tokenizer.json',
} as const

/** Throws a `RunError` for a name that would lead out of the place of the model. */
export function checkFileName(name: string, source: string): void {
  if (/^\w[\w.-]*$/.test(name)) return
  throw new RunError({
    operation: 'model',
    argument: source,
    got: `was asked for the file ${JSON.stringify(name.slice(0, 60))}`,
    expected: 'a plain name, without folders',
    fix: 'The description of the model is damaged: download or copy it again.',
  })
}

/**
 * Model files that are in memory already.
 *
 * @example
 * const model = await readModel(modelFilesFromMemory(new Map([['config.json', bytes], ...]), 'the picked files'))
 */
export function modelFilesFromMemory(files: ReadonlyMap<string, Uint8Array>, source: string): ModelFiles {
  return {
    source,
    async read(name) {
      checkFileName(name, source)
      const bytes = files.get(name)
      if (bytes) return bytes
      throw new RunError({
        operation: 'model',
        argument: source,
        got: `has no ${name}`,
        expected: 'the files that `qkv train` wrote',
        fix: `Add ${name} to them.`,
      })
    },
  }
}
