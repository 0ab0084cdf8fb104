/** How much of the past stays in a mean: steps of different lengths even out over about twenty. */
const decay = 0.95

/** Running means over the last steps. */
export class Speedometer {
  #steps = 0
  #tokens = 0
  #seconds = 0

  add(tokens: number, seconds: number): void {
    this.#steps = this.#steps * decay + 1
    this.#tokens = this.#tokens * decay + tokens
    this.#seconds = this.#seconds * decay + seconds
  }

  get tokensPerSecond(): number {
    return this.#seconds === 0 ? 0 : this.#tokens / this.#seconds
  }

  get secondsPerStep(): number {
    return this.#steps === 0 ? 0 : this.#seconds / this.#steps
  }
}
