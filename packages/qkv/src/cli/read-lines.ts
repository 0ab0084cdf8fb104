import { RunError } from '../errors/run-error.ts'

/** The lines of a stream, one at a time, as they come. Throws a `RunError` for bytes that are not UTF-8. */
export async function* readLines(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let number = 1
  let rest = ''
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch (cause) {
      throw Object.assign(encodingError(number), { cause })
    }
  }
  for await (const chunk of stream) {
    const pieces = (rest + (typeof chunk === 'string' ? chunk : decode(chunk))).split('\n')
    rest = pieces.pop()!
    for (const piece of pieces) {
      yield piece.replace(/\r$/, '')
      number += 1
    }
  }
  rest += decode()
  if (rest !== '') yield rest.replace(/\r$/, '')
}

function encodingError(line: number): RunError {
  return new RunError({
    operation: 'qkv translate',
    argument: 'standard input',
    got: `has bytes that are no UTF-8 from line ${line} on`,
    expected: 'UTF-8 text',
    fix: 'Convert it, for example with `iconv -f GB18030 -t UTF-8`.',
  })
}
