import type { Pair } from '@qkv/data'
import { phraseBookCorpus } from '@qkv/pipelines/training'
import { phraseBookChoice } from '../settings/training-plan.ts'
import type { TrainSettings } from '../settings/settings.ts'
import { sequencePairs } from './sequence-pairs.ts'

export interface Corpus {
  readonly train: readonly Pair[]
  /** Held out: no source of it occurs in training. */
  readonly validation: readonly Pair[]
}

/** The text of a task, made on the fly: nothing is downloaded. */
export function loadCorpus({ task, alphabet, longest, seed }: TrainSettings): Corpus {
  if (task === 'zh-en') return phraseBookCorpus({ ...phraseBookChoice, direction: 'forward' })
  if (task === 'en-zh') return phraseBookCorpus({ ...phraseBookChoice, direction: 'reverse' })
  return sequencePairs({ task, alphabet, longest, seed })
}
