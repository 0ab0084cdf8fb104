/** The message of what a function throws; empty when it throws nothing. */
export function sentenceOf(run: () => unknown): string {
  try {
    run()
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
