import type { DocumentField } from '../document/document-field.ts'
import { describe, TokenizerError } from '../errors.ts'
import { byteTokens } from './byte-fallback.ts'
import type { Model, ModelToken, Vocabulary } from './model.ts'
import { WordCache } from '../word-cache.ts'

export interface UnigramSettings {
  /** Pieces with their log probabilities; a piece's place is its id. */
  readonly pieces: readonly (readonly [piece: string, score: number])[]
  /** The id for what no piece covers; without it such text is an error. */
  readonly unknownId?: number
  /** Write what no piece covers as the tokens of its bytes, where the vocabulary has them. */
  readonly byteFallback?: boolean
}

/** How much worse than the worst piece an unknown character is, in nats. */
const UNKNOWN_PENALTY = 10

interface TrieNode {
  readonly children: Map<string, TrieNode>
  id: number
}

/** Of all ways to cut a word into pieces, the most probable. Source: Kudo 2018; SentencePiece `unigram_model.cc`. */
export function unigram(settings: UnigramSettings): Model {
  const { pieces, unknownId, byteFallback = false } = settings
  if (unknownId !== undefined && pieces[unknownId] === undefined) rejectUnknownId(unknownId, pieces.length)
  const vocabulary = new PieceTable(pieces)
  const trie = buildTrie(pieces)
  const unknownScore = pieces.reduce((least, [, score]) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY
  const isUnknown = (id: number): boolean => id < 0 || id === unknownId
  const cache = new WordCache<readonly ModelToken[]>()

  /** The best cut as ends of pieces, last first; `id` -1 marks what no piece covers. */
  const bestPath = (word: string): { id: number; start: number; end: number }[] => {
    const scores = new Float64Array(word.length + 1).fill(-Infinity)
    const starts = new Int32Array(word.length + 1).fill(-1)
    const ids = new Int32Array(word.length + 1).fill(-1)
    scores[0] = 0
    const offer = (start: number, end: number, id: number, score: number): void => {
      if (starts[end]! >= 0 && score <= scores[end]!) return
      scores[end] = score
      starts[end] = start
      ids[end] = id
    }
    for (let start = 0; start < word.length;) {
      const size = word.codePointAt(start)! > 0xffff ? 2 : 1
      let hasSingle = false
      let node: TrieNode | undefined = trie
      for (let end = start; node !== undefined && end < word.length;) {
        const character = String.fromCodePoint(word.codePointAt(end)!)
        end += character.length
        node = node.children.get(character)
        if (node === undefined || node.id < 0) continue
        offer(start, end, node.id, scores[start]! + pieces[node.id]![1])
        if (end === start + size) hasSingle = true
      }
      if (!hasSingle) offer(start, start + size, -1, scores[start]! + unknownScore)
      start += size
    }
    const path: { id: number; start: number; end: number }[] = []
    for (let end = word.length; end > 0; end = starts[end]!)
      path.push({ id: ids[end]!, start: starts[end]!, end })
    return path
  }

  const tokenizeWord = (word: string): readonly ModelToken[] => {
    const tokens: ModelToken[] = []
    const path = bestPath(word).toReversed()
    for (let index = 0; index < path.length;) {
      const { id, start } = path[index]!
      let { end } = path[index++]!
      if (!isUnknown(id)) {
        tokens.push({ id, token: word.slice(start, end), start, end })
        continue
      }
      // Neighbouring unknown characters share one token.
      while (index < path.length && isUnknown(path[index]!.id)) end = path[index++]!.end
      const text = word.slice(start, end)
      const bytes = byteFallback ? byteTokens(text, vocabulary) : undefined
      if (bytes !== undefined) {
        for (const byte of bytes) tokens.push({ id: byte, token: vocabulary.tokenOf(byte)!, start, end })
      } else {
        tokens.push({ id: vocabulary.idOf(text) ?? unknownId ?? rejectText(text), token: text, start, end })
      }
    }
    return tokens
  }

  return {
    vocabulary,
    tokenize: (word) => cache.get(word, tokenizeWord),
    toJSON: () => ({
      type: 'Unigram',
      unk_id: unknownId ?? null,
      vocab: pieces,
      byte_fallback: byteFallback,
    }),
  }
}

class PieceTable implements Vocabulary {
  readonly #pieces: UnigramSettings['pieces']
  readonly #ids: ReadonlyMap<string, number>

  constructor(pieces: UnigramSettings['pieces']) {
    this.#pieces = pieces
    this.#ids = new Map(pieces.map(([piece], id) => [piece, id]))
  }

  get size(): number {
    return this.#pieces.length
  }

  idOf(token: string): number | undefined {
    return this.#ids.get(token)
  }

  tokenOf(id: number): string | undefined {
    return this.#pieces[id]?.[0]
  }
}

function buildTrie(pieces: UnigramSettings['pieces']): TrieNode {
  const root: TrieNode = { children: new Map(), id: -1 }
  for (const [id, [piece]] of pieces.entries()) {
    let node = root
    for (const character of piece) {
      let child = node.children.get(character)
      if (child === undefined) node.children.set(character, (child = { children: new Map(), id: -1 }))
      node = child
    }
    node.id = id
  }
  return root
}

function rejectUnknownId(id: number, size: number): never {
  throw new TokenizerError({
    operation: 'unigram',
    argument: `'unknownId'`,
    got: String(id),
    expected: `an id below ${size}, the number of pieces`,
    fix: 'Give the place of the unknown piece in the list.',
  })
}

function rejectText(text: string): never {
  throw new TokenizerError({
    operation: 'unigram',
    argument: 'a part of the text',
    got: describe(text),
    expected: 'text that pieces cover, since no unknown id is set',
    fix: `Set 'unknownId', or use a vocabulary with these characters.`,
  })
}

export function readUnigram(field: DocumentField): Model {
  const unknownId = field.at('unk_id')
  const vocabulary = field.at('vocab')
  const pieces = vocabulary.items().map((entry, index): readonly [string, number] => {
    if (Array.isArray(entry) && entry.length === 2) {
      const [piece, score]: unknown[] = entry
      if (typeof piece === 'string' && typeof score === 'number') return [piece, score]
    }
    return vocabulary.list()[index]!.reject('a piece and its score')
  })
  return unigram({
    pieces,
    byteFallback: field.at('byte_fallback').boolean(false),
    ...(unknownId.isAbsent ? {} : { unknownId: unknownId.count() }),
  })
}
