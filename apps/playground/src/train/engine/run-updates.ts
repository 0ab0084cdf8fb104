/** A token as a heat map labels it. */
export interface TokenLabel {
  readonly text: string
  readonly special: boolean
}

/** Cross-attention of one example, as the model has it at a step. */
export interface AttentionMaps {
  readonly step: number
  /** Columns. */
  readonly source: readonly TokenLabel[]
  /** Rows: what the decoder has read. */
  readonly target: readonly TokenLabel[]
  /** `[layer][head]`, each row-major `[target, source]`. */
  readonly weights: readonly (readonly Float32Array[])[]
}

/** Something held out, and what the model makes of it. */
export interface Sample {
  readonly source: string
  readonly expected: string
  readonly written: string
  readonly right: boolean
}

/** What the model makes of a few examples at a step. */
export interface Look {
  readonly step: number
  readonly samples: readonly Sample[]
  /** A sentence where the attention has no weights that could be read. */
  readonly attention: AttentionMaps | string
}

export interface Evaluation {
  readonly step: number
  /** Mean per held-out token, in nats. */
  readonly loss: number
  /** Share of held-out examples that come out right, from 0 to 100. */
  readonly exactMatch: number
}

/** The curve so far: `losses[step - 1]` is the loss before that step, in nats. */
export interface History {
  readonly losses: readonly number[]
  readonly evaluations: readonly Evaluation[]
}

/** How fast it goes, and how far it has come. */
export interface Progress {
  readonly step: number
  readonly steps: number
  readonly tokensPerSecond: number
  readonly secondsLeft: number
}

export type RunUpdate =
  | { readonly type: 'progress'; readonly progress: Progress; readonly newLosses: readonly number[] }
  | { readonly type: 'evaluation'; readonly evaluation: Evaluation }
  | { readonly type: 'look'; readonly look: Look }
  | { readonly type: 'saved'; readonly step: number }
  /** The training goes on; `reason` is what the browser says. */
  | { readonly type: 'not-saved'; readonly reason: string }

/** What is trained, once it is made. */
export interface RunDescription {
  readonly parameterCount: number
  readonly trainingPairs: number
  readonly heldOutPairs: number
  readonly sourceVocabulary: number
  readonly targetVocabulary: number
  readonly batchesPerEpoch: number
}
