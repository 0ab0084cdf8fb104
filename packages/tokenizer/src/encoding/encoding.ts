/** What text becomes: one entry per token in each list. */
export interface Encoding {
  readonly ids: readonly number[]
  readonly tokens: readonly string[]
  /** `[start, end)` in the source, in UTF-16 units, so that `text.slice(start, end)` is the token's text; `[0, 0]` where there is none. */
  readonly offsets: readonly (readonly [start: number, end: number])[]
  /** 0 for the first text, 1 for the second of a pair, unless a post-processor says otherwise. */
  readonly typeIds: readonly number[]
  /** 1 for tokens, 0 for padding. */
  readonly attentionMask: readonly number[]
  /** 1 for what a post-processor or padding added, 0 for what stood in the text. */
  readonly specialTokensMask: readonly number[]
  /** Which word of its text a token belongs to; null for what was added. */
  readonly wordIds: readonly (number | null)[]
  /** What truncation cut off, in windows of the same length. */
  readonly overflowing: readonly Encoding[]
}

/** Everything of one token that a post-processor or padding adds. */
export interface InsertedToken {
  readonly id: number
  readonly token: string
  readonly typeId: number
  readonly attention: 0 | 1
}

/** `count` copies of an inserted token. */
export function repeatToken({ id, token, typeId, attention }: InsertedToken, count: number): Encoding {
  const repeat = <Value>(value: Value): Value[] => Array.from({ length: count }, () => value)
  return {
    ids: repeat(id),
    tokens: repeat(token),
    offsets: repeat([0, 0] as const),
    typeIds: repeat(typeId),
    attentionMask: repeat(attention),
    specialTokensMask: repeat(1),
    wordIds: repeat(null),
    overflowing: [],
  }
}

/** The tokens from one place to another; without overflow. */
export function sliceEncoding(encoding: Encoding, from: number, to: number): Encoding {
  return {
    ids: encoding.ids.slice(from, to),
    tokens: encoding.tokens.slice(from, to),
    offsets: encoding.offsets.slice(from, to),
    typeIds: encoding.typeIds.slice(from, to),
    attentionMask: encoding.attentionMask.slice(from, to),
    specialTokensMask: encoding.specialTokensMask.slice(from, to),
    wordIds: encoding.wordIds.slice(from, to),
    overflowing: [],
  }
}

/** One encoding after another; windows of overflow are combined each with each, as tokenizer.json's library does. */
export function concatenate(encodings: readonly Encoding[]): Encoding {
  const [first, ...rest] = encodings
  if (first === undefined) return repeatToken({ id: 0, token: '', typeId: 0, attention: 1 }, 0)
  return rest.reduce((left, right) => {
    const overflowing = [
      ...left.overflowing.flatMap((window) =>
        [right, ...right.overflowing].map((other) => join(window, other)),
      ),
      ...right.overflowing.map((window) => join(left, window)),
    ]
    return { ...join(left, right), overflowing }
  }, first)
}

function join(left: Encoding, right: Encoding): Encoding {
  return {
    ids: [...left.ids, ...right.ids],
    tokens: [...left.tokens, ...right.tokens],
    offsets: [...left.offsets, ...right.offsets],
    typeIds: [...left.typeIds, ...right.typeIds],
    attentionMask: [...left.attentionMask, ...right.attentionMask],
    specialTokensMask: [...left.specialTokensMask, ...right.specialTokensMask],
    wordIds: [...left.wordIds, ...right.wordIds],
    overflowing: [],
  }
}

/** The same tokens, overflow included, all with one type. */
export function withTypeId(encoding: Encoding, typeId: number): Encoding {
  return {
    ...encoding,
    typeIds: encoding.ids.map(() => typeId),
    overflowing: encoding.overflowing.map((window) => withTypeId(window, typeId)),
  }
}
