import picocolors from 'picocolors'

/** A stream that text is written to; `columns` and `isTTY` are those of a terminal. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** Everything that a command touches besides files: a test gives its own. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean | undefined }
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder that relative paths start at. */
  readonly cwd: string
  /** Calls `listener` on Ctrl-C; the returned function ends that. */
  onInterrupt(listener: () => void): () => void
}

/** The streams and signals of this process. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process
  return {
    stdin,
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    onInterrupt(listener) {
      process.on('SIGINT', listener)
      process.on('SIGTERM', listener)
      return () => {
        process.off('SIGINT', listener)
        process.off('SIGTERM', listener)
      }
    },
  }
}

export type Colors = ReturnType<typeof picocolors.createColors>

/** Colors for a terminal; plain text for a file, a pipe, and wherever NO_COLOR is set. */
export function colorsFor(output: Output, env: Io['env']): Colors {
  return picocolors.createColors(output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb')
}

/** Writes a line. */
export function writeLine(output: Output, line = ''): void {
  output.write(`${line}\n`)
}
