import type { StepEvent } from '@qkv/trainer'
import type { RunUpdate } from './run-updates.ts'

/** Milliseconds between two reports: more would only keep the page busy. */
const pause = 100

/** Tells of steps in bundles, so that a page that draws them stays free. */
export class Reporter {
  readonly #onUpdate: (update: RunUpdate) => void
  #newLosses: number[] = []
  #latest: StepEvent | undefined
  #reported = -Infinity

  constructor(onUpdate: (update: RunUpdate) => void) {
    this.#onUpdate = onUpdate
  }

  step(event: StepEvent): void {
    this.#newLosses.push(event.loss)
    this.#latest = event
    if (performance.now() - this.#reported >= pause) this.flush()
  }

  /** Tells of all that was not told yet. */
  flush(): void {
    if (!this.#latest) return
    const { step, steps, tokensPerSecond, secondsLeft } = this.#latest
    const newLosses = this.#newLosses
    this.#newLosses = []
    this.#latest = undefined
    this.#reported = performance.now()
    this.#onUpdate({ type: 'progress', progress: { step, steps, tokensPerSecond, secondsLeft }, newLosses })
  }
}
