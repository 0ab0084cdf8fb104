import { readLatestCheckpoint, type SkippedCheckpoint, writeCheckpoint } from '@qkv/checkpoints/files'
import type { CheckpointStore } from '@qkv/trainer'
import { RunError } from '../errors/run-error.ts'
import { writeModelWeights } from './model-folder.ts'

/** How many checkpoints stay: the one before the latest is there for a damaged disk. */
const kept = 2

/**
 * Keeps snapshots as checkpoint folders. A damaged one is passed over, and told of.
 *
 * @example
 * const store = fileCheckpoints('runs/translation/checkpoints', ({ reason }) => console.warn(reason))
 */
export function fileCheckpoints(
  folder: string,
  onSkipped: (skipped: SkippedCheckpoint) => void,
): CheckpointStore {
  return {
    async save({ arrays, state }) {
      await writeCheckpoint(folder, { step: state.step, arrays: { ...arrays }, state }, { keep: kept })
    },
    async load() {
      const latest = await readLatestCheckpoint(folder)
      if (latest === undefined) return undefined
      for (const skipped of latest.skipped) onSkipped(skipped)
      const weights = latest.arrays.get('weights')
      const optimizer = latest.arrays.get('optimizer')
      if (weights === undefined || optimizer === undefined) throw incompleteError(latest.path)
      return { arrays: { weights, optimizer }, state: latest.state }
    },
  }
}

/** Writes the weights of the best snapshot as the model of the folder; there is nothing to go on from. */
export function bestWeights(folder: string): CheckpointStore {
  return {
    async save({ arrays, state }) {
      const remarks = {
        step: String(state.step),
        ...(state.best && { [state.best.metric]: String(state.best.value) }),
      }
      await writeModelWeights(folder, arrays.weights, Object.entries(remarks))
    },
    async load() {
      return undefined
    },
  }
}

function incompleteError(path: string): RunError {
  return new RunError({
    operation: 'train',
    argument: path,
    got: 'lacks the weights or the state of the optimizer',
    expected: 'a checkpoint that `qkv train` wrote',
    fix: 'Remove it to go on from an earlier one.',
  })
}
