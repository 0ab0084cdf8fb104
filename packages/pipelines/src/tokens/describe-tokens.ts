import { bytesOfToken, type Tokenizer } from '@qkv/tokenizer'

/** A token for display. */
export interface TokenDescription {
  readonly id: number
  /** As the vocabulary spells it: byte-level tokens are in the alphabet of bytes. */
  readonly token: string
  /** What it stands for, blanks included; of a character that is split into several tokens the whole character. */
  readonly text: string
  /** `[start, end)` in the text, in UTF-16 units; tokens of one split character share them. `[0, 0]` for special tokens. */
  readonly offsets: readonly [start: number, end: number]
  readonly kind: 'text' | 'special' | 'unknown'
  /** The bytes that it adds, where it holds no whole characters; absent elsewhere. */
  readonly bytes?: readonly number[] | undefined
  /** Whether it goes on with the character that the token before has begun. */
  readonly continues: boolean
}

/**
 * The tokens of a text, without what a model adds to them.
 *
 * @example
 * describeTokens(tokenizer, '机器学习').map(({ text }) => text) // ['机器', '学习']
 */
export function describeTokens(tokenizer: Tokenizer, text: string): readonly TokenDescription[] {
  const { ids, offsets } = tokenizer.encode(text)
  return describe(tokenizer, ids, offsets, text)
}

/**
 * The tokens of ids, with their places in the decoded text. Throws a `TokenizerError` for an id that stands for no token.
 *
 * @example
 * describeTokenIds(tokenizers.target, translation.candidates[0].tokens)
 */
export function describeTokenIds(tokenizer: Tokenizer, ids: readonly number[]): readonly TokenDescription[] {
  const text = tokenizer.decode(ids)
  const ends = ids.map((_, index) =>
    index === ids.length - 1 ? text.length : settledLength(tokenizer.decode(ids.slice(0, index + 1))),
  )
  const offsets = ids.map((_, index): readonly [number, number] => {
    const start = index === 0 ? 0 : ends[index - 1]!
    const end = ends.slice(index).find((each) => each > start) ?? start
    return [start, end]
  })
  return describe(tokenizer, ids, offsets, text)
}

/** Without a character at the end whose last bytes are still to come. */
function settledLength(text: string): number {
  return text.replace(/\uFFFD+$/, '').length
}

function describe(
  tokenizer: Tokenizer,
  ids: readonly number[],
  offsets: readonly (readonly [number, number])[],
  text: string,
): readonly TokenDescription[] {
  const unknownId = unknownIdOf(tokenizer)
  const special = new Set(
    tokenizer.addedTokens.flatMap((token) => (token.special === true ? [token.id] : [])),
  )
  const decoded = new Map<number, string>()
  const decode = (id: number): string => {
    const text = decoded.get(id) ?? tokenizer.decode([id])
    decoded.set(id, text)
    return text
  }
  let splitEnd = 0
  return ids.map((id, index) => {
    const token = tokenizer.idToToken(id)!
    const kind = id === unknownId ? 'unknown' : special.has(id) ? 'special' : 'text'
    if (kind === 'special')
      return { id, token, text: token, offsets: [0, 0] as const, kind, continues: false }
    const [start, end] = offsets[index]!
    const alone = decode(id)
    const bytes = alone.includes('\uFFFD') ? partialBytes(token) : undefined
    const continues = bytes !== undefined && start < splitEnd
    splitEnd = bytes === undefined ? 0 : end
    const piece = text.slice(start, end)
    // A blank that the tokenizer puts before a text has no place in it.
    const isBlank = kind === 'text' && alone.trim() === '' && piece.trim() !== ''
    const withoutPlace = kind === 'unknown' ? token : ' '
    return {
      id,
      token,
      text: isBlank || piece === '' ? withoutPlace : piece,
      offsets: [start, end] as const,
      kind,
      continues,
      ...(bytes && { bytes }),
    }
  })
}

/** The bytes of a token, unless they are a text by themselves. */
function partialBytes(token: string): readonly number[] | undefined {
  const bytes = bytesOfToken(token)
  if (!bytes) return undefined
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))
    return undefined
  } catch {
    return bytes
  }
}

const unknownIds = new WeakMap<Tokenizer, number>()
const none = -1

/** The id that stands for everything that the vocabulary lacks. */
function unknownIdOf(tokenizer: Tokenizer): number {
  let id = unknownIds.get(tokenizer)
  if (id === undefined) {
    const { unk_token: token, unk_id: ofModel } = tokenizer.model.toJSON()
    id =
      typeof token === 'string'
        ? (tokenizer.tokenToId(token) ?? none)
        : typeof ofModel === 'number'
          ? ofModel
          : none
    unknownIds.set(tokenizer, id)
  }
  return id
}
