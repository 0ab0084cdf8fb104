// What the files in contenders/ and workloads/ agree on.

/** A named array of a workload, row-major. Every contender is given the same ones. */
export interface InputArray {
  readonly dtype: 'float32' | 'int32'
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array
}

/** Sizes, which a workload gives to the implementations of it. */
export type Settings = Readonly<Record<string, number>>

/** One piece of work that all contenders do. */
export interface Workload {
  /** What `--only` selects by. */
  readonly name: string
  /** Which of a contender's implementations does it. */
  readonly kind: string
  readonly settings: Settings
  createInputs(): Map<string, InputArray>
  /** How many units, such as tokens, one run is; times are per unit. */
  readonly unitsPerRun: number
  readonly unit: string
  /** Floating-point multiplications and additions per unit, where it makes sense to count them. */
  readonly operations?: number
  /** Runs that come before the output is compared. */
  readonly checkedRuns: number
  /** The largest difference from what most compute, relative to its largest magnitude. */
  readonly tolerance: number
}

/** A workload made ready by a contender. */
export interface Prepared {
  /** Brings back the state from which a run starts; it is not timed. */
  reset?(): unknown
  /** May return a promise. */
  run(): unknown
  /** What the runs so far gave, to be compared; when fewer runs were made, the first part of it. */
  output(): ArrayLike<number> | Promise<ArrayLike<number>>
  dispose?(): unknown
}

export type Implementation = (
  inputs: Map<string, InputArray>,
  settings: Settings,
) => Prepared | Promise<Prepared>

/** A library that takes part: what a contender's `open` resolves to. */
export interface Contender {
  readonly version: string
  /** How it runs, such as its instruction set and its number of threads. */
  readonly detail: string
  /** By the kind of work. */
  readonly implementations: Readonly<Record<string, Implementation>>
  /** By kind, why there is no implementation. */
  readonly reasons: Readonly<Record<string, string>>
}
