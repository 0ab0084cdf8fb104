import { AddedTokenSplitter, readAddedToken, writeAddedToken, type AddedToken } from './added-tokens.ts'
import type { Decoder } from './decoders/decoder.ts'
import { readDecoder } from './decoders/registry.ts'
import { DocumentField } from './document/document-field.ts'
import { concatenate, type Encoding } from './encoding/encoding.ts'
import {
  pad,
  readPadding,
  resolvePadding,
  writePadding,
  type PaddingOptions,
  type ResolvedPadding,
} from './encoding/padding.ts'
import {
  completeTruncation,
  readTruncation,
  truncate,
  writeTruncation,
  type TruncationOptions,
} from './encoding/truncation.ts'
import { describe, quote, TokenizerError } from './errors.ts'
import type { MergeDropout, Model } from './models/model.ts'
import { readModel } from './models/registry.ts'
import type { Normalizer } from './normalizers/normalizer.ts'
import { readNormalizer } from './normalizers/registry.ts'
import type { PostProcessor } from './post-processors/post-processor.ts'
import { readPostProcessor } from './post-processors/registry.ts'
import type { PreTokenizer } from './pre-tokenizers/pre-tokenizer.ts'
import { readPreTokenizer } from './pre-tokenizers/registry.ts'
import { StreamDecoder } from './stream-decoder.ts'
import { AlignedText } from './text/aligned-text.ts'
import { wellFormed } from './text/unicode.ts'

/** What a tokenizer is made of; only the model is needed. */
export interface TokenizerStages {
  readonly model: Model
  readonly normalizer?: Normalizer | undefined
  readonly preTokenizer?: PreTokenizer | undefined
  readonly postProcessor?: PostProcessor | undefined
  readonly decoder?: Decoder | undefined
  readonly addedTokens?: readonly AddedToken[]
  /** What `encode` does when its options say nothing. */
  readonly truncation?: TruncationOptions | undefined
  readonly padding?: PaddingOptions | undefined
}

export interface EncodeOptions {
  /** Let the post-processor add its tokens; true if left out. */
  readonly addSpecialTokens?: boolean
  /** Overrules what the tokenizer does by itself; `'none'` switches it off. */
  readonly truncation?: TruncationOptions | 'none'
  /** `'longest'` pads a batch to its longest member; `'none'` switches padding off. */
  readonly padding?: PaddingOptions | 'longest' | 'none'
  /** BPE-dropout, for training: another segmentation each time. Only models that merge know it. */
  readonly dropout?: MergeDropout
}

export interface DecodeOptions {
  /** True if left out. */
  readonly skipSpecialTokens?: boolean
}

/** A text, or a pair of texts. */
export type TokenizerInput = string | readonly [first: string, second: string]

/**
 * Text to token ids and back. Immutable; each lone surrogate of a text counts as U+FFFD.
 *
 * @example
 * const tokenizer = Tokenizer.fromJSON(await readFile('tokenizer.json', 'utf8'))
 * const { ids, offsets } = tokenizer.encode('机器学习')
 * tokenizer.decode(ids) // '机器学习'
 */
export class Tokenizer {
  readonly model: Model
  readonly normalizer: Normalizer | undefined
  readonly preTokenizer: PreTokenizer | undefined
  readonly postProcessor: PostProcessor | undefined
  readonly decoder: Decoder | undefined
  readonly addedTokens: readonly AddedToken[]
  readonly truncation: Required<TruncationOptions> | undefined
  readonly padding: ResolvedPadding | undefined
  /** One more than the highest id: the rows that an embedding table needs. */
  readonly vocabularySize: number
  readonly #addedById: ReadonlyMap<number, AddedToken>
  readonly #addedByContent: ReadonlyMap<string, AddedToken>
  readonly #splitter: AddedTokenSplitter

  constructor(stages: TokenizerStages) {
    this.model = stages.model
    this.normalizer = stages.normalizer
    this.preTokenizer = stages.preTokenizer
    this.postProcessor = stages.postProcessor
    this.decoder = stages.decoder
    this.addedTokens = stages.addedTokens ?? []
    this.#addedById = new Map(this.addedTokens.map((token) => [token.id, token]))
    this.#addedByContent = new Map(this.addedTokens.map((token) => [token.content, token]))
    this.#splitter = new AddedTokenSplitter(
      this.addedTokens,
      this.normalizer,
      (text) => new AlignedText(text),
    )
    this.vocabularySize = this.addedTokens.reduce(
      (size, { id }) => Math.max(size, id + 1),
      this.model.vocabulary.size,
    )
    this.truncation = stages.truncation === undefined ? undefined : completeTruncation(stages.truncation)
    this.padding = stages.padding === undefined ? undefined : this.#resolvePadding(stages.padding)
  }

  /** Reads a Hugging Face `tokenizer.json`, as its text or parsed; throws with the path of a field that is wrong. */
  static fromJSON(document: unknown): Tokenizer {
    const root = new DocumentField(typeof document === 'string' ? parseDocument(document) : document, '')
    const optional = <Value>(name: string, read: (field: DocumentField) => Value): Value | undefined => {
      const field = root.at(name)
      return field.isAbsent ? undefined : read(field)
    }
    return new Tokenizer({
      model: readModel(root.at('model')),
      normalizer: optional('normalizer', readNormalizer),
      preTokenizer: optional('pre_tokenizer', readPreTokenizer),
      postProcessor: optional('post_processor', readPostProcessor),
      decoder: optional('decoder', readDecoder),
      addedTokens: optional('added_tokens', (field) => field.list().map(readAddedToken)) ?? [],
      truncation: optional('truncation', readTruncation),
      padding: optional('padding', readPadding),
    })
  }

  /** The document of `tokenizer.json`: `JSON.stringify(tokenizer)` is the file. */
  toJSON(): Record<string, unknown> {
    return {
      version: '1.0',
      truncation: this.truncation === undefined ? null : writeTruncation(this.truncation),
      padding: this.padding === undefined ? null : writePadding(this.padding),
      added_tokens: this.addedTokens.map(writeAddedToken),
      normalizer: this.normalizer?.toJSON() ?? null,
      pre_tokenizer: this.preTokenizer?.toJSON() ?? null,
      post_processor: this.postProcessor?.toJSON() ?? null,
      decoder: this.decoder?.toJSON() ?? null,
      model: this.model.toJSON(),
    }
  }

  /** Another tokenizer with some stages replaced. */
  with(changes: Partial<TokenizerStages>): Tokenizer {
    const { model, normalizer, preTokenizer, postProcessor, decoder, addedTokens, truncation } = this
    const stages = { model, normalizer, preTokenizer, postProcessor, decoder, addedTokens, truncation }
    const padding = this.padding === undefined ? undefined : paddingOptions(this.padding)
    return new Tokenizer({ ...stages, padding, ...changes })
  }

  /** Encodes a text, or two texts as a pair; throws for what is no string, and where truncation cannot make it fit. */
  encode(text: string, options: EncodeOptions & { readonly pair?: string } = {}): Encoding {
    const { pair } = options
    return this.#encodeAll([pair === undefined ? [text] : [text, pair]], options)[0]!
  }

  /** Encodes several texts or pairs, which padding then brings to one length; throws where no padding token is known. */
  encodeBatch(inputs: readonly TokenizerInput[], options: EncodeOptions = {}): readonly Encoding[] {
    return this.#encodeAll(inputs.map(textsOf), options)
  }

  /** The text of some ids; throws for an id that stands for no token. */
  decode(ids: Iterable<number>, { skipSpecialTokens = true }: DecodeOptions = {}): string {
    const tokens: string[] = []
    for (const id of ids) {
      const token = this.idToToken(id) ?? this.#rejectId(id)
      if (!(skipSpecialTokens && this.#addedById.get(id)?.special === true)) tokens.push(token)
    }
    return this.decoder === undefined ? tokens.join(' ') : this.decoder.decode(tokens).join('')
  }

  /** Decodes ids one at a time, for text that is shown while it is generated. */
  createStreamDecoder(options: DecodeOptions = {}): StreamDecoder {
    return new StreamDecoder((ids) => this.decode(ids, options))
  }

  /** The id of a token, added or of the model; undefined for any other text. */
  tokenToId(token: string): number | undefined {
    return this.#addedByContent.get(token)?.id ?? this.model.vocabulary.idOf(token)
  }

  /** The token of an id as the vocabulary spells it: byte-level tokens are in the alphabet of bytes. */
  idToToken(id: number): string | undefined {
    return this.#addedById.get(id)?.content ?? this.model.vocabulary.tokenOf(id)
  }

  /** The id of a token that must be there, such as `<eos>`; throws if it is not. */
  requireTokenId(token: string): number {
    const id = this.tokenToId(token)
    if (id !== undefined) return id
    const specials = this.addedTokens.filter(({ special }) => special === true).map(({ content }) => content)
    throw new TokenizerError({
      operation: 'requireTokenId',
      argument: 'the token',
      got: describe(token),
      expected: `one that this tokenizer has (special tokens: ${specials.join(', ') || 'none'})`,
      fix: `Train with it among 'specialTokens', or use the token that this tokenizer has in its place.`,
    })
  }

  #encodeAll(inputs: readonly (readonly string[])[], options: EncodeOptions): readonly Encoding[] {
    const addSpecialTokens = options.addSpecialTokens ?? true
    const truncation =
      options.truncation === undefined ? this.truncation : readTruncationOption(options.truncation)
    const padding = options.padding === undefined ? this.padding : this.#readPaddingOption(options.padding)
    const tokenize = this.#tokenizeWith(options.dropout)
    const encodings = inputs.map((texts) => this.#encodeTexts(texts, tokenize, addSpecialTokens, truncation))
    return padding === undefined ? encodings : pad(encodings, padding)
  }

  #tokenizeWith(dropout: MergeDropout | undefined): Model['tokenize'] {
    const { model } = this
    if (dropout === undefined) return (word) => model.tokenize(word)
    const { rate } = dropout
    if (!(rate >= 0 && rate < 1)) rejectDropout(`a rate of ${describe(rate)}`, 'a rate from 0 to below 1')
    if (!model.tokenizeAtRandom) rejectDropout('given', 'a model that merges, such as BPE')
    return (word) => model.tokenizeAtRandom!(word, dropout)
  }

  #encodeTexts(
    texts: readonly string[],
    tokenize: Model['tokenize'],
    addSpecialTokens: boolean,
    truncation: Required<TruncationOptions> | undefined,
  ): Encoding {
    const encodings = texts.map((text, index) => this.#encodeText(text, tokenize, index))
    const addedTokens = addSpecialTokens ? (this.postProcessor?.addedTokens(texts.length > 1) ?? 0) : 0
    const truncated = truncation === undefined ? encodings : truncate(encodings, truncation, addedTokens)
    return concatenate(this.postProcessor?.process(truncated, addSpecialTokens) ?? truncated)
  }

  #encodeText(text: string, tokenize: Model['tokenize'], typeId: number): Encoding {
    if (typeof text !== 'string') rejectText(text)
    const ids: number[] = []
    const tokens: string[] = []
    const offsets: (readonly [number, number])[] = []
    const wordIds: number[] = []
    let word = 0
    for (const section of this.#splitter.split(new AlignedText(wellFormed(text)))) {
      if (section.token !== undefined) {
        ids.push(section.token.id)
        tokens.push(section.token.content)
        offsets.push([section.text.startOf(0), section.text.endOf(section.text.length - 1)])
        wordIds.push(word++)
        continue
      }
      for (const piece of this.preTokenizer?.preTokenize(section.text) ?? [section.text]) {
        for (const { id, token, start, end } of tokenize(piece.text)) {
          ids.push(id)
          tokens.push(token)
          offsets.push([piece.startOf(start), piece.endOf(end - 1)])
          wordIds.push(word)
        }
        word++
      }
    }
    return {
      ids,
      tokens,
      offsets,
      typeIds: ids.map(() => typeId),
      attentionMask: ids.map(() => 1),
      specialTokensMask: ids.map(() => 0),
      wordIds,
      overflowing: [],
    }
  }

  #readPaddingOption(option: PaddingOptions | 'longest' | 'none'): ResolvedPadding | undefined {
    if (option === 'none') return undefined
    return this.#resolvePadding(option === 'longest' ? {} : option)
  }

  #resolvePadding(options: PaddingOptions): ResolvedPadding {
    const token = options.token ?? this.padding?.token
    return resolvePadding(token === undefined ? options : { ...options, token }, (name) =>
      this.tokenToId(name),
    )
  }

  #rejectId(id: number): never {
    throw new TokenizerError({
      operation: 'decode',
      argument: 'an id',
      got: describe(id),
      expected: `the id of a token: a whole number from 0 to ${this.vocabularySize - 1} (vocabulary size ${this.vocabularySize})`,
      fix: 'Decode with the tokenizer that made the ids, and leave out fillers such as -100.',
    })
  }
}

function readTruncationOption(option: TruncationOptions | 'none'): Required<TruncationOptions> | undefined {
  return option === 'none' ? undefined : completeTruncation(option)
}

function paddingOptions({ length, multipleOf, direction, token, typeId }: ResolvedPadding): PaddingOptions {
  return { multipleOf, direction, token, typeId, ...(length === undefined ? {} : { length }) }
}

function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new TokenizerError({
      operation: 'read tokenizer.json',
      argument: 'the document',
      got: `${quote(text)} (${error instanceof Error ? error.message : String(error)})`,
      expected: 'the text of a JSON document',
      fix: 'Pass the content of a tokenizer.json file, not its name, and check that the file is whole.',
    })
  }
}

function textsOf(input: TokenizerInput): readonly string[] {
  if (typeof input === 'string') return [input]
  return Array.isArray(input) && input.length === 2 ? input : rejectText(input)
}

function rejectText(text: unknown): never {
  throw new TokenizerError({
    operation: 'encode',
    argument: 'the text',
    got: describe(text),
    expected: 'a string, or in a batch also a pair of strings',
    fix: 'Pass text; for several texts use encodeBatch, for two that belong together { pair }.',
  })
}

function rejectDropout(got: string, expected: string): never {
  throw new TokenizerError({
    operation: 'encode',
    argument: `'dropout'`,
    got,
    expected,
    fix: 'Leave it out: only training wants it.',
  })
}
