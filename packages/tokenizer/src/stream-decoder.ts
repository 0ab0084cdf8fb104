/** More pending tokens than any character can take: from here on U+FFFD is no longer held back. */
const MOST_PENDING = 16

/** Turns ids into text as they come, giving out only what later ids can't change: no half characters. */
export class StreamDecoder {
  readonly #decode: (ids: readonly number[]) => string
  /** The ids that gave the last text, then those that came after: a decoder may treat its first token differently. */
  #window: number[] = []
  #pending = 0
  #shown = ''

  constructor(decode: (ids: readonly number[]) => string) {
    this.#decode = decode
  }

  /** The text that is complete now; empty while a character lacks bytes. */
  push(id: number): string {
    this.#window.push(id)
    this.#pending++
    const text = this.#decode(this.#window)
    const isWhole = !text.endsWith('\uFFFD') || this.#pending > MOST_PENDING
    return isWhole && text.length > this.#shown.length ? this.#emit(text) : ''
  }

  /** The rest, with U+FFFD for what stayed incomplete; the decoder is then as new. */
  finish(): string {
    const rest = this.#decode(this.#window).slice(this.#shown.length)
    this.#window = []
    this.#pending = 0
    this.#shown = ''
    return rest
  }

  #emit(text: string): string {
    const fresh = text.slice(this.#shown.length)
    this.#window = this.#window.slice(this.#window.length - this.#pending)
    this.#pending = 0
    this.#shown = this.#decode(this.#window)
    return fresh
  }
}
