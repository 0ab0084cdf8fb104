import { DataError } from '../data-error.ts'
import { decodeUtf8 } from './decode-utf8.ts'
import type { ParallelText, ParallelTextOptions } from './parallel-text.ts'
import { collectAligned } from './parse-aligned-text.ts'
import { collectTabSeparated } from './parse-tab-separated.ts'
import type { TabSeparatedOptions } from './parse-tab-separated.ts'

const operation = 'readParallelText'

/** One tab-separated file, or two text files whose lines belong together. */
export type ParallelTextFiles =
  | ({ readonly path: string } & Pick<TabSeparatedOptions, 'sourceColumn' | 'targetColumn'>)
  | { readonly sourcePath: string; readonly targetPath: string }

/**
 * Reads a parallel corpus from files (Node only): tab-separated, or two aligned text files; strict UTF-8, LF or CRLF.
 *
 * Throws a DataError for a file that cannot be read, for bytes that are not UTF-8 (with line and byte offset), and
 * for all that {@link parseTabSeparated} and {@link parseAlignedText} refuse.
 *
 * @example
 * const { pairs, skippedLines } = await readParallelText({ path: 'train.tsv', sourceColumn: 1, targetColumn: 0 })
 * const europarl = await readParallelText({ sourcePath: 'train.de', targetPath: 'train.en' }, { emptySides: 'skip' })
 */
export async function readParallelText(
  files: ParallelTextFiles,
  options: ParallelTextOptions = {},
): Promise<ParallelText> {
  if ('path' in files) {
    const text = await readText('path', files.path)
    return collectTabSeparated(
      text,
      { ...files, ...options },
      {
        operation,
        arguments: { source: 'path', target: 'path' },
        files: { source: files.path, target: files.path },
      },
    )
  }
  const source = await readText('sourcePath', files.sourcePath)
  const target = await readText('targetPath', files.targetPath)
  return collectAligned(source, target, options, {
    operation,
    arguments: { source: 'sourcePath', target: 'targetPath' },
    files: { source: files.sourcePath, target: files.targetPath },
  })
}

async function readText(argument: string, file: string): Promise<string> {
  return decodeUtf8(await readBytes(argument, file), { operation, argument, file })
}

async function readBytes(argument: string, file: string): Promise<Uint8Array> {
  // Imported here and not above, so that a browser can load this package without a bundler's help.
  const { readFile } = await import('node:fs/promises')
  try {
    return await readFile(file)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new DataError({
      operation,
      argument,
      got: `is ${JSON.stringify(file)}, which cannot be read (${code})`,
      expected: 'a file that exists and that you may read',
      fix: 'check the path; a relative path starts at the folder in which the program was started',
      file,
      cause,
    })
  }
}
