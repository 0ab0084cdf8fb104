import type { DocumentField } from './document/document-field.ts'
import type { Normalizer } from './normalizers/normalizer.ts'
import type { AlignedText } from './text/aligned-text.ts'
import { escapeLiteral } from './text/regular-expression.ts'
import { WORD_CLASS } from './text/unicode.ts'

/** A token that is found in text as it stands, before the model sees the rest. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  /** Left out by `decode`, which skips special tokens unless told otherwise. */
  readonly special?: boolean
  /** Only where no letter, digit or underscore touches it. */
  readonly singleWord?: boolean
  /** Take the white space before it, or behind it, along. */
  readonly stripLeft?: boolean
  readonly stripRight?: boolean
  /** Look for it in normalized text instead of the source. */
  readonly normalized?: boolean
}

/** A piece of text that is an added token, or none. */
export interface Section {
  readonly text: AlignedText
  readonly token: AddedToken | undefined
}

const WORD_BEFORE = new RegExp(`[${WORD_CLASS}]$`, 'u')
const WORD_BEHIND = new RegExp(`^[${WORD_CLASS}]`, 'u')

/** Finds added tokens: the leftmost first, of several at one place the longest. */
export class AddedTokenMatcher {
  readonly #tokens: ReadonlyMap<string, AddedToken>
  readonly #pattern: RegExp | undefined

  /** With a normalizer the tokens are looked for in their normalized form. */
  constructor(tokens: readonly AddedToken[], normalizer?: (text: string) => string) {
    this.#tokens = new Map(tokens.map((token) => [normalizer?.(token.content) ?? token.content, token]))
    const contents = [...this.#tokens.keys()].filter((content) => content !== '')
    const longestFirst = contents.toSorted((a, b) => b.length - a.length).map(escapeLiteral)
    this.#pattern = contents.length === 0 ? undefined : new RegExp(longestFirst.join('|'), 'gu')
  }

  split(source: AlignedText): Section[] {
    if (this.#pattern === undefined) return source.length === 0 ? [] : [{ text: source, token: undefined }]
    const { text } = source
    const sections: Section[] = []
    let end = 0
    for (const match of text.matchAll(this.#pattern)) {
      const token = this.#tokens.get(match[0])!
      let from = match.index
      let to = from + match[0].length
      // White space that a token before took along may be the beginning of this one.
      if (from < end || (token.singleWord === true && touchesWord(text, from, to))) continue
      if (token.stripLeft === true) while (from > end && /\p{White_Space}/u.test(text[from - 1]!)) from--
      if (token.stripRight === true) while (to < text.length && /\p{White_Space}/u.test(text[to]!)) to++
      if (from > end) sections.push({ text: source.slice(end, from), token: undefined })
      sections.push({ text: source.slice(from, to), token })
      end = to
    }
    if (end < text.length) sections.push({ text: source.slice(end, text.length), token: undefined })
    return sections
  }
}

function touchesWord(text: string, from: number, to: number): boolean {
  return WORD_BEFORE.test(text.slice(Math.max(0, from - 2), from)) || WORD_BEHIND.test(text.slice(to, to + 2))
}

/** Finds the tokens of a text in two rounds: first those that stand in the source, then those in what a normalizer makes of it. */
export class AddedTokenSplitter {
  readonly #inSource: AddedTokenMatcher
  readonly #inNormalized: AddedTokenMatcher
  readonly #normalizer: Normalizer | undefined

  constructor(
    tokens: readonly AddedToken[],
    normalizer: Normalizer | undefined,
    align: (text: string) => AlignedText,
  ) {
    this.#normalizer = normalizer
    this.#inSource = new AddedTokenMatcher(tokens.filter(({ normalized = false }) => !normalized))
    this.#inNormalized = new AddedTokenMatcher(
      tokens.filter(({ normalized = false }) => normalized),
      normalizer === undefined ? undefined : (content) => normalizer.normalize(align(content)).text,
    )
  }

  split(source: AlignedText): Section[] {
    return this.#inSource.split(source).flatMap((section) => {
      if (section.token !== undefined) return [section]
      return this.#inNormalized.split(this.#normalizer?.normalize(section.text) ?? section.text)
    })
  }
}

export function readAddedToken(field: DocumentField): AddedToken {
  return {
    id: field.at('id').count(),
    content: field.at('content').string(),
    special: field.at('special').boolean(false),
    singleWord: field.at('single_word').boolean(false),
    stripLeft: field.at('lstrip').boolean(false),
    stripRight: field.at('rstrip').boolean(false),
    normalized: field.at('normalized').boolean(false),
  }
}

export function writeAddedToken(token: AddedToken): Record<string, unknown> {
  return {
    id: token.id,
    content: token.content,
    single_word: token.singleWord ?? false,
    lstrip: token.stripLeft ?? false,
    rstrip: token.stripRight ?? false,
    normalized: token.normalized ?? false,
    special: token.special ?? false,
  }
}
