import { createStore, del, get, set, type UseStore } from 'idb-keyval'
import type { Snapshot } from '@qkv/trainer'
import * as v from 'valibot'
import { settingsSchema } from '../settings/settings-schema.ts'
import type { TrainSettings } from '../settings/settings.ts'
import type { History } from './run-updates.ts'

/** A training as it is kept: all of it in one record, which a browser replaces as a whole or not at all. */
export interface SavedRun {
  readonly version: 1
  readonly settings: TrainSettings
  readonly snapshot: Snapshot
  readonly history: History
}

/** Keeps the latest training. */
export interface SavedRuns {
  save(run: SavedRun): Promise<void>
  /** `undefined` when there is none; throws where storage is refused, or holds what this page cannot read. */
  load(): Promise<SavedRun | undefined>
  discard(): Promise<void>
}

const envelope = v.object({
  version: v.literal(1),
  settings: settingsSchema,
  snapshot: v.object({
    // The trainer checks the rest of it.
    state: v.looseObject({ step: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }),
    arrays: v.object({ weights: v.instance(Map), optimizer: v.instance(Map) }),
  }),
  history: v.object({ losses: v.array(v.number()), evaluations: v.array(v.any()) }),
})

const key = 'latest'

/** Trainings in the browser's IndexedDB. */
export function savedRunsInBrowser(): SavedRuns {
  let opened: UseStore | undefined
  const store = (): UseStore => (opened ??= createStore('qkv-train-here', 'runs'))
  return {
    save: (run) => set(key, run, store()),
    async load() {
      const stored = await get<unknown>(key, store())
      if (stored === undefined) return undefined
      if (!v.is(envelope, stored))
        throw new Error('The saved training was written by another version of this page, or is damaged.')
      return stored as unknown as SavedRun
    },
    discard: () => del(key, store()),
  }
}
