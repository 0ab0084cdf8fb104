// Node and browsers both have it, and the type libraries of neither are loaded.
declare const performance: { now(): number }

/** Milliseconds since the program started. */
export function platformClock(): number {
  return performance.now()
}
