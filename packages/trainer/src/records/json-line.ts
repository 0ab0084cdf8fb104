import type { TrainerEvent } from '../loop/events.ts'

/**
 * One line of JSON for an event, without the line break. Numbers that JSON lacks become the strings `NaN`, `Infinity` and
 * `-Infinity`.
 *
 * @example
 * trainer.onEvent((event) => appendFile('log.jsonl', `${jsonLine(event)}\n`))
 */
export function jsonLine(event: TrainerEvent): string {
  return JSON.stringify(event, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  )
}
