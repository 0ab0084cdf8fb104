import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const longestWait = 900_000
const linesKept = 5

/** The process in which one contender works, so that heaps and thread pools of different libraries never meet. */
export class ContenderProcess {
  #child
  #replies
  #lastErrors = []
  #exit

  /**
   * @param {{ command: string, args: readonly string[], env?: Readonly<Record<string, string | undefined>> }} start
   */
  constructor({ command, args, env = {} }) {
    this.#child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
    // A process that died is noticed by its reply that never comes.
    this.#child.stdin.on('error', () => {})
    this.#replies = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
    createInterface({ input: this.#child.stderr }).on('line', (line) => {
      this.#lastErrors = [...this.#lastErrors, line].slice(-linesKept)
    })
    this.#exit = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(error.message))
      this.#child.on('close', (code, signal) => resolve(`ended with ${signal ?? `status ${code}`}`))
    })
  }

  /** The next reply: the first one comes without a request, when the contender is loaded. */
  async receive() {
    let timer
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve('late'), longestWait)
    })
    const next = await Promise.race([this.#replies.next(), late])
    clearTimeout(timer)
    if (next === 'late') {
      this.end()
      throw new Error(`gave no answer within ${longestWait / 1000} seconds`)
    }
    if (next.done) throw new Error([await this.#exit, ...this.#lastErrors].join('; '))
    const message = JSON.parse(next.value)
    if (message.error !== undefined) throw new Error(message.error)
    return message
  }

  request(request, values = {}) {
    this.#child.stdin.write(`${JSON.stringify({ request, ...values })}\n`)
    return this.receive()
  }

  end() {
    this.#child.kill('SIGKILL')
  }
}
