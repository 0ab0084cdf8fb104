import type { StepEvent } from '../loop/events.ts'

/**
 * A line of text about a step: `step 120/1000, epoch 2, loss 3.2145, 12,345 tokens/s, 3 min 20 s left`.
 *
 * @example
 * trainer.on('step', (event) => process.stderr.write(`\r${progressLine(event)}`))
 */
export function progressLine(event: StepEvent): string {
  const { step, steps, epoch, loss, tokensPerSecond, secondsLeft } = event
  const speed = Math.round(tokensPerSecond).toLocaleString('en-US')
  return `step ${step}/${steps}, epoch ${epoch}, loss ${loss.toFixed(4)}, ${speed} tokens/s, ${duration(secondsLeft)} left`
}

/** The two largest units of a time: `1 h 5 min`, `3 min 20 s`, `8 s`. */
export function duration(seconds: number): string {
  const total = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`
}
