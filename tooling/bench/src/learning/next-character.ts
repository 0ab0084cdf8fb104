import { createRandomGenerator } from '@qkv/data'
import type { Task, TaskBatch } from './task.ts'

const length = 64
const rows = 16
/** The first nine tenths are trained on, as nanoGPT does. */
const trainedShare = 0.9
const heldOutBatches = 32

/** The next character of a text, from at most 64 before it; evaluated on windows evenly spread over its last tenth. */
export function nextCharacter(text: string, seed: number): Task {
  const characters = [...new Set(text)].toSorted()
  const idOf = new Map(characters.map((character, id) => [character, id]))
  const ids = Int32Array.from(text, (character) => idOf.get(character)!)
  const border = Math.floor(ids.length * trainedShare)
  const windows = (starts: readonly number[]): TaskBatch => {
    const cut = (offset: number): Int32Array =>
      Int32Array.from(starts.flatMap((start) => [...ids.subarray(start + offset, start + offset + length)]))
    return { tokens: cut(0), targets: cut(1), rows: starts.length }
  }
  const stride = Math.floor((ids.length - border - length - 1) / (heldOutBatches * rows))
  return {
    name: 'text',
    vocabularySize: characters.length,
    length,
    scoredFrom: 0,
    causal: true,
    batch(index) {
      const random = createRandomGenerator(seed, index)
      return windows(Array.from({ length: rows }, () => random.below(border - length - 1)))
    },
    heldOut: Array.from({ length: heldOutBatches }, (_, batch) =>
      windows(Array.from({ length: rows }, (_, row) => border + (batch * rows + row) * stride)),
    ),
  }
}
