import type { LoadableArray, StateArray } from '@qkv/nn'
import type { TrainingState } from './training-state.ts'

/** A whole training at the end of a step: what resuming needs, and nothing else. */
export interface Snapshot {
  /** In host memory, by group and name; they do not change while they are saved. */
  readonly arrays: {
    readonly weights: ReadonlyMap<string, StateArray>
    readonly optimizer: ReadonlyMap<string, StateArray>
  }
  /** Plain JSON. */
  readonly state: TrainingState
}

/** A `Snapshot` as it comes back from a file; the trainer checks it. */
export interface StoredSnapshot {
  readonly arrays: {
    readonly weights: Iterable<readonly [path: string, array: LoadableArray]>
    readonly optimizer: Iterable<readonly [name: string, array: LoadableArray]>
  }
  readonly state: unknown
}

/**
 * Keeps snapshots: in files, a database, memory. Saving is atomic: whatever happens, `load` gives a whole snapshot, the
 * new one or the one before.
 *
 * @example
 * let latest: Snapshot | undefined
 * const inMemory: CheckpointStore = {
 *   save: async (snapshot) => { latest = snapshot },
 *   load: async () => latest,
 * }
 */
export interface CheckpointStore {
  save(snapshot: Snapshot): Promise<void>
  /** The latest snapshot; `undefined` when there is none. */
  load(): Promise<StoredSnapshot | undefined>
}
