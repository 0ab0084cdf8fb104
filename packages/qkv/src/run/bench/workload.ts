/** Something to run many times, alone on its device. */
export interface Workload {
  readonly name: string
  /** Sizes, such as `512x512x512`. */
  readonly shape: string
  /** What is measured, and waited for where it gives a promise; tensors that it makes are freed after each run. */
  run(): unknown
  /** How many elements a run makes, where that is what its time goes with. */
  readonly elements?: number
  /** How many bytes a run moves between host and device. */
  readonly bytes?: number
  /** How many tokens a run trains on, or makes. */
  readonly tokens?: number
  /** Called before and after some runs, unmeasured; then `runs` are made in between, no more and no fewer. */
  readonly session?: { readonly runs: number; begin(): void; end(): void }
}
