import { type Io, writeLine } from './io.ts'
import { readLines } from './read-lines.ts'

/** What a command was given to translate, or else the lines of standard input as they come. */
export async function* sentencesOf(sentences: readonly string[], io: Io): AsyncGenerator<string> {
  if (sentences.length > 0) {
    yield* sentences
    return
  }
  if (io.stdin.isTTY === true) writeLine(io.stderr, 'Type a sentence and press Enter; Ctrl-D ends.')
  yield* readLines(io.stdin)
}
