import type { CheckpointStore, Snapshot, StoredSnapshot } from '../index.ts'

declare function structuredClone<Value>(value: Value): Value

/** Snapshots as they would come back from files: copied arrays, and JSON that was text in between. */
export class MemoryStore implements CheckpointStore {
  readonly saved: Snapshot[] = []

  async save(snapshot: Snapshot): Promise<void> {
    const state = JSON.parse(JSON.stringify(snapshot.state)) as Snapshot['state']
    const { weights, optimizer } = structuredClone(snapshot.arrays)
    this.saved.push({ arrays: { weights, optimizer }, state })
  }

  async load(): Promise<StoredSnapshot | undefined> {
    return this.saved.at(-1)
  }
}
