/** A stage as tokenizer.json writes it: its type, and the settings of that type. */
export interface StageDocument {
  readonly type: string
  readonly [setting: string]: unknown
}

/** What every stage of a tokenizer can do: write itself as tokenizer.json. */
export interface Stage {
  toJSON(): StageDocument
}
