/** One row of the table of goals, as measured. */
export interface Goal {
  readonly what: string
  readonly goal: string
  readonly measured: string
  readonly reached: boolean
}

/** A ratio that has to be at least so large. */
export function atLeast(what: string, least: number, value: number, note = ''): Goal {
  return { what, goal: `at least ${least}`, measured: `${value.toFixed(2)}${note}`, reached: value >= least }
}

/** A ratio that may be at most so large. */
export function atMost(what: string, most: number, value: number, note = ''): Goal {
  return { what, goal: `at most ${most}`, measured: `${value.toFixed(2)}${note}`, reached: value <= most }
}
