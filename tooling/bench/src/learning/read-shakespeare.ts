import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const source = 'https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt'

/** The text of the benchmark; ends the process with the command that downloads it where it is missing. */
export async function readShakespeare(): Promise<string> {
  const folder = process.env['QKV_DATA'] ?? new URL('../../../../../shared/data', import.meta.url).pathname
  const path = join(folder, 'lm/tinyshakespeare.txt')
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text !== undefined) return text
  console.error(
    `bench: there is no ${path}. Download it with \`curl --create-dirs -o ${path} ${source}\`, or set QKV_DATA to a folder that has it.`,
  )
  return process.exit(1)
}
