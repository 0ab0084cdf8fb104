import { CheckpointError } from '../checkpoint-error.ts'
import { errorCode } from './file-system.ts'

interface Explanation {
  readonly problem: string
  readonly expected: string
  readonly fix: string
}

const FULL_DISK: Explanation = {
  problem: 'the disk is full',
  expected: 'room for the whole file',
  fix: 'Free some space, or write to another disk.',
}
const DENIED: Explanation = {
  problem: 'permission is denied',
  expected: 'a place that this user may use',
  fix: 'Change its permissions, or choose another place.',
}

const EXPLANATIONS: ReadonlyMap<string | undefined, Explanation> = new Map([
  ['ENOSPC', FULL_DISK],
  ['EDQUOT', { ...FULL_DISK, problem: "this user's share of the disk is full" }],
  ['EFBIG', { ...FULL_DISK, problem: 'the file is larger than the system allows' }],
  ['EACCES', DENIED],
  ['EPERM', DENIED],
  ['EROFS', { ...DENIED, problem: 'the disk is read-only' }],
  [
    'ENOENT',
    { problem: 'it does not exist', expected: 'an existing file or folder', fix: 'Check the path.' },
  ],
  [
    'ENOTDIR',
    { problem: 'a part of the path is a file', expected: 'folders on the way', fix: 'Choose another path.' },
  ],
  [
    'EISDIR',
    { problem: 'it is a folder', expected: 'the path of a file', fix: 'Add a file name to the path.' },
  ],
  [
    'EMFILE',
    {
      problem: 'too many files are open',
      expected: 'a free file handle',
      fix: 'Close some, or raise `ulimit -n`.',
    },
  ],
])

const NO_FOLDER: Explanation = {
  problem: 'its folder does not exist',
  expected: 'an existing folder',
  fix: 'Check the path, or create the folder first.',
}

function explain(action: FileAction, code: string | undefined): Explanation | undefined {
  return action === 'written' && code === 'ENOENT' ? NO_FOLDER : EXPLANATIONS.get(code)
}

export type FileAction = 'read' | 'written'

/** An error of the system below as one sentence; a {@link CheckpointError} passes through. */
export function fileError(
  operation: string,
  path: string,
  action: FileAction,
  error: unknown,
): CheckpointError {
  if (error instanceof CheckpointError) return error
  const code = errorCode(error)
  const known = explain(action, code)
  const { problem, expected, fix } = known ?? {
    problem: error instanceof Error ? error.message : String(error),
    expected: 'a working disk',
    fix: 'Check the disk, and try again.',
  }
  const got = `could not be ${action}: ${known === undefined ? problem : `${problem} (${code})`}`
  return new CheckpointError({ operation, source: path, got, expected, fix, cause: error })
}
