/** A function of assembly/ that does the units `first` to `end - 1` of its work, with the same numbers however they are cut. */
export type SplitKernel<Parameters extends readonly (number | boolean)[]> = (
  first: number,
  end: number,
  ...parameters: Parameters
) => void

/** Threads that share the work of a kernel, this one among them. */
export interface Team {
  /** How many there may be: kernels have working space for each. */
  readonly size: number
  /**
   * Runs a kernel over `count` units and returns when all are done. Pieces have at least `least` units: as many as take some ten
   * microseconds, which is what handing one out must not cost.
   */
  split<Parameters extends readonly (number | boolean)[]>(
    kernel: SplitKernel<Parameters>,
    count: number,
    least: number,
    ...parameters: Parameters
  ): void
  /** Sends the other threads away. */
  dispose(): void
}

/** This thread alone. */
export const soloTeam: Team = {
  size: 1,
  split(kernel, count, _least, ...parameters) {
    if (count > 0) kernel(0, count, ...parameters)
  },
  dispose() {},
}
