import { ConfigError } from './config-error.ts'
import { UsageError } from './usage-error.ts'

/** How the command tells of an error. */
export interface ExplainedError {
  /** Whether it is one of the failures that were thought of. */
  readonly expected: boolean
  readonly sentence: string
  readonly exitCode: 1 | 2
}

const problems: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space, or write to another disk',
  EDQUOT: "this user's share of the disk is full; free some space, or write to another disk",
  EACCES: 'permission is denied; change its permissions, or choose another place',
  EPERM: 'permission is denied; change its permissions, or choose another place',
  EROFS: 'the disk is read-only; choose another place',
  ENOENT: 'it does not exist; check the path',
  ENOTDIR: 'a part of the path is a file; choose another path',
  EEXIST: 'it is a file, where a folder is needed; choose another path',
  EISDIR: 'it is a folder, where a file is needed; choose another path',
}

/** Turns anything that was thrown into a sentence and an exit code. */
export function explainError(error: unknown): ExplainedError {
  if (error instanceof UsageError || error instanceof ConfigError) {
    return { expected: true, sentence: error.message, exitCode: 2 }
  }
  // Packages without dependencies have error classes of their own, with the same fields.
  if (hasParts(error)) return { expected: true, sentence: error.message, exitCode: 1 }
  const system = systemSentence(error)
  if (system !== undefined) return { expected: true, sentence: system, exitCode: 1 }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return {
    expected: false,
    sentence: `Something went wrong that qkv did not expect (${message}). Run it again with --verbose to see where.`,
    exitCode: 1,
  }
}

function hasParts(error: unknown): error is Error {
  const fields = ['operation', 'argument', 'got', 'expected', 'fix'] as const
  return error instanceof Error && fields.every((field) => typeof (error as never)[field] === 'string')
}

function systemSentence(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined
  const problem = problems[String(error.code)]
  if (problem === undefined) return undefined
  const place = 'path' in error ? `'${String(error.path)}'` : 'A file or stream'
  return `${place} could not be used (${String(error.syscall)}, ${String(error.code)}): ${problem}.`
}
