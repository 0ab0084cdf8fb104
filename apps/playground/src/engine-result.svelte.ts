import { lessonEngine } from './engine.ts'

/** What the worker said last, and what went wrong instead. */
export interface EngineResult<Result> {
  readonly value: Result | undefined
  readonly error: string | undefined
}

/**
 * Asks the worker again whenever the input changes; answers that come too late are dropped. For use while a component is made.
 *
 * @example
 * const tables = engineResult(() => ({ length, width }), (input) => lessonEngine().engine.positionTables(input))
 */
export function engineResult<Input, Result>(
  input: () => Input,
  ask: (input: Input) => Promise<Result>,
): EngineResult<Result> {
  let value = $state.raw<Result>()
  let error = $state<string>()
  let turn = 0
  $effect.pre(() => {
    const mine = ++turn
    Promise.race([ask(input()), lessonEngine().failed]).then(
      (result) => {
        if (mine !== turn) return
        value = result
        error = undefined
      },
      (reason: unknown) => {
        if (mine === turn) error = reason instanceof Error ? reason.message : String(reason)
      },
    )
  })
  return {
    get value() {
      return value
    },
    get error() {
      return error
    },
  }
}
