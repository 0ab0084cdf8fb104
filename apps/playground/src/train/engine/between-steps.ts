type Work = () => Promise<void>

/**
 * Lets other work use a model that is being trained: between two steps while a trainer runs, at once while none does. Two
 * pieces of work never overlap.
 */
export class BetweenSteps {
  #training = false
  #waiting: Work[] = []
  #last: Promise<unknown> = Promise.resolve()

  /** Runs work when its turn comes. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!this.#training) {
      const result = this.#last.then(work)
      this.#last = result.catch(() => {})
      return result
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => work().then(resolve, reject))
    })
  }

  /** Trains; `train` has to call `takeTurns` after each step. */
  async training<Result>(train: () => Promise<Result>): Promise<Result> {
    await this.#last
    this.#training = true
    try {
      return await train()
    } finally {
      await this.takeTurns()
      this.#training = false
    }
  }

  /** Does what waits, in order. */
  async takeTurns(): Promise<void> {
    for (let work = this.#waiting.shift(); work; work = this.#waiting.shift()) await work()
  }
}
