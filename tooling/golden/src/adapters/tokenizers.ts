import {
  AlignedText,
  normalizers,
  preTokenizers,
  Tokenizer,
  TokenizerError,
  trainBpe,
  type Encoding,
  type TruncationOptions,
} from '@qkv/tokenizer'

/** A case of the group `tokenizers`: what each operation has beside its name is read where it is used. */
export interface TokenizerCase {
  readonly name: string
  readonly op: string
  readonly spec?: string
  readonly attrs?: Readonly<Record<string, unknown>>
  readonly text?: string
  readonly pair?: string
  readonly texts?: readonly string[]
  readonly word_counts?: Readonly<Record<string, number>>
  readonly expected?: unknown
  readonly overflowing?: readonly unknown[]
  readonly error?: boolean
  readonly decoded?: string
  readonly decoded_with_special?: string
}

/** The tokenizer.json documents that cases name. */
export type TokenizerSpecs = Readonly<Record<string, unknown>>

/** Runs one case through the public API: null where it matches the reference, else what differs. */
export function runTokenizerCase(testCase: TokenizerCase, specs: TokenizerSpecs): string | null {
  const run = RUNNERS[testCase.op]
  if (run === undefined) return `no adapter for the operation '${testCase.op}'`
  try {
    return run(testCase, specs)
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  }
}

type Runner = (testCase: TokenizerCase, specs: TokenizerSpecs) => string | null

const RUNNERS: Readonly<Record<string, Runner>> = {
  encode: runEncode,
  encode_pair: runEncodePair,
  encode_pair_truncated: runEncodePairTruncated,
  encode_batch_padded: runEncodeBatchPadded,
  normalize: runNormalize,
  pre_tokenize: runPreTokenize,
  train_bpe: runTrainBpe,
}

function runEncode(testCase: TokenizerCase, specs: TokenizerSpecs): string | null {
  const tokenizer = tokenizerOf(testCase, specs)
  const text = testCase.text ?? ''
  const encoding = tokenizer.encode(text)
  return (
    mismatch('encoding', toReference(encoding, [text]), testCase.expected) ??
    mismatch('decoded', tokenizer.decode(encoding.ids), testCase.decoded) ??
    mismatch(
      'decoded with special tokens',
      tokenizer.decode(encoding.ids, { skipSpecialTokens: false }),
      testCase.decoded_with_special,
    )
  )
}

function runEncodePair(testCase: TokenizerCase, specs: TokenizerSpecs): string | null {
  const { text = '', pair = '' } = testCase
  const encoding = tokenizerOf(testCase, specs).encode(text, { pair })
  return mismatch('encoding', toReference(encoding, [text, pair]), testCase.expected)
}

function runEncodePairTruncated(testCase: TokenizerCase, specs: TokenizerSpecs): string | null {
  const { attrs = {} } = testCase
  const tokenizer = tokenizerOf(testCase, specs)
  const maximumLength = Number(attrs['max_length'])
  const text = readByReference(tokenizer, testCase.text ?? '', maximumLength)
  const pair = readByReference(tokenizer, testCase.pair ?? '', maximumLength)
  const strategy = STRATEGIES[String(attrs['strategy'])]
  if (strategy === undefined) return `no adapter for the strategy '${String(attrs['strategy'])}'`
  const truncation = { maximumLength, strategy, stride: Number(attrs['stride']) }
  if (testCase.error === true) return errorOf(() => tokenizer.encode(text, { pair, truncation }))
  const encoding = tokenizer.encode(text, { pair, truncation })
  const windows = encoding.overflowing.map((window) => toReference(window, [text, pair]))
  return (
    mismatch('encoding', toReference(encoding, [text, pair]), testCase.expected) ??
    mismatch('overflowing', windows, testCase.overflowing)
  )
}

const STRATEGIES: Readonly<Record<string, TruncationOptions['strategy'] & string>> = {
  longest_first: 'longest-first',
  only_first: 'only-first',
  only_second: 'only-second',
}

/**
 * The part of a text that the reference sees: since 0.23.1 it stops after the word that reaches the length, so that its
 * overflow ends there too (huggingface/tokenizers issue 2091, a regression). We keep all of the overflow; to compare
 * everything else, our text is cut at the same word.
 */
function readByReference(tokenizer: Tokenizer, text: string, maximumLength: number): string {
  const { wordIds, offsets } = tokenizer.encode(text, { addSpecialTokens: false, truncation: 'none' })
  const lastWord = wordIds[maximumLength - 1]
  const next = wordIds.findIndex((word, index) => index >= maximumLength && word !== lastWord)
  return next < 0 ? text : text.slice(0, offsets[next - 1]![1])
}

/** Null where a call is refused with one of our errors. */
function errorOf(call: () => unknown): string | null {
  try {
    call()
  } catch (error) {
    if (error instanceof TokenizerError) return null
    throw error
  }
  return 'no error, want one'
}

function runEncodeBatchPadded(testCase: TokenizerCase, specs: TokenizerSpecs): string | null {
  const tokenizer = tokenizerOf(testCase, specs)
  const { texts = [], attrs = {} } = testCase
  const token = tokenizer.idToToken(Number(attrs['pad_id'])) ?? ''
  const direction = attrs['direction'] === 'left' ? 'left' : 'right'
  const encodings = tokenizer.encodeBatch(texts, { padding: { token, direction } })
  const got = encodings.map((encoding, index) => toReference(encoding, [texts[index] ?? '']))
  return mismatch('encodings', got, testCase.expected)
}

const NORMALIZERS: Readonly<Record<string, () => normalizers.Normalizer>> = {
  nfc: () => normalizers.unicodeForm('NFC'),
  nfd: () => normalizers.unicodeForm('NFD'),
  nfkc: () => normalizers.unicodeForm('NFKC'),
  nfkd: () => normalizers.unicodeForm('NFKD'),
  lowercase: () => normalizers.lowercase(),
  bert_uncased: () => normalizers.bertNormalizer({ lowercase: true }),
  bert_cased: () => normalizers.bertNormalizer({ lowercase: false }),
  nfd_strip_accents: () => normalizers.sequence([normalizers.unicodeForm('NFD'), normalizers.stripAccents()]),
}

function runNormalize({ text = '', attrs = {}, expected }: TokenizerCase): string | null {
  const create = NORMALIZERS[String(attrs['normalizer'])]
  if (create === undefined) return `no adapter for the normalizer '${String(attrs['normalizer'])}'`
  return mismatch('text', create().normalize(new AlignedText(text)).text, expected)
}

const PRE_TOKENIZERS: Readonly<Record<string, () => preTokenizers.PreTokenizer>> = {
  bert: () => preTokenizers.bertPreTokenizer(),
  whitespace: () => preTokenizers.whitespace(),
  whitespace_split: () => preTokenizers.whitespaceSplit(),
  byte_level: () => preTokenizers.byteLevel(),
  byte_level_prefix: () => preTokenizers.byteLevel({ addPrefixSpace: true }),
  metaspace: () => preTokenizers.metaspace(),
  punctuation: () => preTokenizers.punctuation(),
  digits_individual: () => preTokenizers.digits({ individual: true }),
}

function runPreTokenize({ text = '', attrs = {}, expected }: TokenizerCase): string | null {
  const create = PRE_TOKENIZERS[String(attrs['pre_tokenizer'])]
  if (create === undefined) return `no adapter for the pre-tokenizer '${String(attrs['pre_tokenizer'])}'`
  const pieces = create().preTokenize(new AlignedText(text))
  const inCodePoints = codePointCounter(text)
  const got = pieces.map((piece) => [
    piece.text,
    [inCodePoints(piece.startOf(0)), inCodePoints(piece.endOf(piece.length - 1))],
  ])
  return mismatch('pieces', got, expected)
}

/** Replays the merges in plain loops: each must be a most frequent pair at its step; ties may be broken in any way. */
function runTrainBpe({ word_counts = {}, attrs = {}, expected }: TokenizerCase): string | null {
  const reference = expected as { merges: [string, string][]; counts: number[] }
  const entries = Object.entries(word_counts)
  const alphabet = new Set(entries.flatMap(([word]) => [...word]))
  const { merges } = trainBpe(entries, { vocabularySize: alphabet.size + reference.merges.length })
  let words = entries.map(([word, count]) => ({ symbols: [...word], count }))
  for (const [step, [left, right]] of merges.entries()) {
    const counts = new Map<string, number>()
    for (const { symbols, count } of words) {
      for (let index = 0; index + 1 < symbols.length; index++) {
        const key = `${symbols[index]} ${symbols[index + 1]}`
        counts.set(key, (counts.get(key) ?? 0) + count)
      }
    }
    const most = Math.max(...counts.values())
    const got = counts.get(`${left} ${right}`) ?? 0
    if (got !== most) return `merge ${step} '${left} ${right}' stands ${got} times, want the most: ${most}`
    words = words.map(({ symbols, count }) => ({ symbols: mergePair(symbols, left, right), count }))
  }
  const prefix = Number(attrs['unambiguous_prefix'])
  return (
    mismatch('number of merges', merges.length, reference.merges.length) ??
    mismatch('unambiguous merges', merges.slice(0, prefix), reference.merges.slice(0, prefix))
  )
}

function mergePair(symbols: readonly string[], left: string, right: string): string[] {
  const merged: string[] = []
  for (let index = 0; index < symbols.length; index++) {
    const isPair = symbols[index] === left && symbols[index + 1] === right
    merged.push(isPair ? left + right : symbols[index]!)
    if (isPair) index++
  }
  return merged
}

function tokenizerOf({ spec = '' }: TokenizerCase, specs: TokenizerSpecs): Tokenizer {
  return Tokenizer.fromJSON(specs[spec])
}

/** An encoding in the form of the reference, whose offsets count code points. */
function toReference(encoding: Encoding, texts: readonly string[]): Record<string, unknown> {
  const counters = texts.map(codePointCounter)
  // Tokens of the second text stand behind the first separator, which has no word.
  let text = 0
  const offsets = encoding.offsets.map(([start, end], index) => {
    if (encoding.wordIds[index] === null && index > 0) text = Math.min(text + 1, texts.length - 1)
    const counter = counters[text]!
    return encoding.wordIds[index] === null ? [start, end] : [counter(start), counter(end)]
  })
  return {
    ids: encoding.ids,
    tokens: encoding.tokens,
    offsets,
    type_ids: encoding.typeIds,
    attention_mask: encoding.attentionMask,
    special_tokens_mask: encoding.specialTokensMask,
    word_ids: encoding.wordIds,
  }
}

/** From UTF-16 units to code points. */
function codePointCounter(text: string): (unit: number) => number {
  return (unit) => Array.from(text.slice(0, unit)).length
}

function mismatch(what: string, got: unknown, want: unknown): string | null {
  const gotText = JSON.stringify(sorted(got))
  const wantText = JSON.stringify(sorted(want))
  if (gotText === wantText) return null
  let at = 0
  while (gotText[at] === wantText?.[at]) at++
  const around = (text: string | undefined): string => `...${text?.slice(Math.max(0, at - 40), at + 40)}...`
  return `${what}: got ${around(gotText)}, want ${around(wantText)}`
}

/** The same value with the keys of its objects in alphabetical order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]))
}
