import type { DocumentField } from '../document/document-field.ts'
import { quote, TokenizerError } from '../errors.ts'
import { byteTokens } from './byte-fallback.ts'
import { mergeSymbols } from './merge-symbols.ts'
import { MergeTable, type Merge } from './merge-table.ts'
import type { MergeDropout, Model, ModelToken } from './model.ts'
import { readVocabulary, requireToken, TokenTable, type VocabularySource } from './vocabulary.ts'
import { WordCache } from '../word-cache.ts'

export interface BpeSettings {
  readonly vocabulary: VocabularySource
  /** In the order of training. */
  readonly merges: readonly Merge[]
  /** Stands for a character that is not in the vocabulary; without it such a character is an error. */
  readonly unknownToken?: string
  /** Let neighbouring unknown characters share one token. */
  readonly fuseUnknown?: boolean
  /** Write an unknown character as the tokens of its bytes, `<0xE4>`..., where the vocabulary has them. */
  readonly byteFallback?: boolean
  /** Take a word that is a token as it stands, without merging. */
  readonly ignoreMerges?: boolean
  /** Leads every character of a word but the first. */
  readonly continuingSubwordPrefix?: string
  /** Follows the last character of a word. */
  readonly endOfWordSuffix?: string
}

/**
 * Byte-pair encoding: characters are merged pair by pair, in the order learned. Sources: Sennrich et al. 2016, section 3.2; dropout is
 * that of Provilkov et al. 2020, section 3.
 */
export function bpe(settings: BpeSettings): Model {
  const vocabulary = new TokenTable(settings.vocabulary)
  const prefix = settings.continuingSubwordPrefix ?? ''
  const suffix = settings.endOfWordSuffix ?? ''
  const merges = new MergeTable(settings.merges, vocabulary, prefix)
  const { unknownToken, fuseUnknown = false, byteFallback = false, ignoreMerges = false } = settings
  const unknownId =
    unknownToken === undefined ? undefined : requireToken(vocabulary, 'bpe', `'unknownToken'`, unknownToken)
  const cache = new WordCache<readonly ModelToken[]>()

  const tokenizeWord = (word: string, dropout?: MergeDropout): readonly ModelToken[] => {
    const whole = ignoreMerges && dropout === undefined ? vocabulary.idOf(word) : undefined
    if (whole !== undefined) return [{ id: whole, token: word, start: 0, end: word.length }]
    const { symbols, ends } = readSymbols(word)
    const { ids, sizes } = mergeSymbols(symbols, merges, dropout)
    let symbol = 0
    return ids.map((id, index) => {
      // The bytes of one character all lie where the character does.
      const start = startOfSymbol(ends, symbol)
      symbol += sizes[index]!
      return { id, token: vocabulary.tokenOf(id)!, start, end: ends[symbol - 1]! }
    })
  }

  const readSymbols = (word: string): { symbols: number[]; ends: number[] } => {
    const symbols: number[] = []
    const ends: number[] = []
    let from = 0
    let followsUnknown = false
    for (const character of word) {
      const to = from + character.length
      const spelled = (from > 0 ? prefix : '') + character + (to === word.length ? suffix : '')
      const id = vocabulary.idOf(spelled)
      const bytes = id === undefined && byteFallback ? byteTokens(spelled, vocabulary) : undefined
      const isUnknown = id === undefined && bytes === undefined
      if (isUnknown && unknownId === undefined) rejectCharacter(spelled)
      if (isUnknown && fuseUnknown && followsUnknown) {
        ends[ends.length - 1] = to
      } else {
        for (const symbol of bytes ?? [id ?? unknownId!]) {
          symbols.push(symbol)
          ends.push(to)
        }
      }
      followsUnknown = isUnknown
      from = to
    }
    return { symbols, ends }
  }

  return {
    vocabulary,
    tokenize: (word) => cache.get(word, (each) => tokenizeWord(each)),
    tokenizeAtRandom: tokenizeWord,
    toJSON: () => ({
      type: 'BPE',
      dropout: null,
      unk_token: unknownToken ?? null,
      continuing_subword_prefix: settings.continuingSubwordPrefix ?? null,
      end_of_word_suffix: settings.endOfWordSuffix ?? null,
      fuse_unk: fuseUnknown,
      byte_fallback: byteFallback,
      ignore_merges: ignoreMerges,
      vocab: vocabulary.toJSON(),
      merges: merges.merges,
    }),
  }
}

/** Where a symbol begins: symbols with the same end are the bytes of one character, which begins where the one before ends. */
function startOfSymbol(ends: readonly number[], symbol: number): number {
  let before = symbol - 1
  while (before >= 0 && ends[before] === ends[symbol]) before--
  return before < 0 ? 0 : ends[before]!
}

function rejectCharacter(character: string): never {
  throw new TokenizerError({
    operation: 'bpe',
    argument: 'a character of the text',
    got: quote(character),
    expected: 'one of the vocabulary, since no unknown token is set',
    fix: 'Use a byte-level pre-tokenizer with a vocabulary of all 256 bytes, or set an unknown token.',
  })
}

export function readBpe(field: DocumentField): Model {
  const dropout = field.at('dropout')
  if (!dropout.isAbsent && dropout.number() !== 0) {
    dropout.reject('null', 'Set it to null: dropout changes tokens at random, which only training wants.')
  }
  const unknownToken = field.at('unk_token')
  const prefix = field.at('continuing_subword_prefix')
  const suffix = field.at('end_of_word_suffix')
  return bpe({
    vocabulary: readVocabulary(field.at('vocab')),
    merges: readMerges(field.at('merges')),
    fuseUnknown: field.at('fuse_unk').boolean(false),
    byteFallback: field.at('byte_fallback').boolean(false),
    ignoreMerges: field.at('ignore_merges').boolean(false),
    ...(unknownToken.isAbsent ? {} : { unknownToken: unknownToken.string() }),
    ...(prefix.isAbsent ? {} : { continuingSubwordPrefix: prefix.string() }),
    ...(suffix.isAbsent ? {} : { endOfWordSuffix: suffix.string() }),
  })
}

function readMerges(field: DocumentField): Merge[] {
  return field.items().map((merge, index) => {
    if (typeof merge === 'string') return merge
    if (Array.isArray(merge) && merge.length === 2) {
      const [left, right]: unknown[] = merge
      if (typeof left === 'string' && typeof right === 'string') return [left, right]
    }
    return field.list()[index]!.reject('two tokens, as a pair or as one text with a blank between')
  })
}
