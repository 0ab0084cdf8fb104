import type { DocumentField } from '../document/document-field.ts'
import { describe, TokenizerError } from '../errors.ts'
import type { AlignedText, TextEdit } from '../text/aligned-text.ts'
import { decodeBase64 } from '../text/base64.ts'
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts'
import type { Normalizer } from './normalizer.ts'

/**
 * A SentencePiece character map: a double-array trie of UTF-8 keys, each leading to the text that replaces it.
 * Source: SentencePiece `normalizer.cc`; trie layout of Darts-clone.
 */
export function precompiled(charactersMap: string): Normalizer {
  const map = new CharactersMap(charactersMap)
  const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })
  return {
    normalize(text: AlignedText): AlignedText {
      const edits: TextEdit[] = []
      for (const { segment, index } of segmenter.segment(text.text)) {
        // Short clusters may have an entry of their own; longer ones never do, and go character by character.
        const whole = encodeUtf8(segment).length < 6 ? map.replacement(segment) : undefined
        if (whole !== undefined) {
          edits.push({ from: index, to: index + segment.length, text: whole })
          continue
        }
        let from = index
        for (const character of segment) {
          const changed = map.replacement(character)
          if (changed !== undefined) edits.push({ from, to: from + character.length, text: changed })
          from += character.length
        }
      }
      return text.edit(edits)
    },
    toJSON: () => ({ type: 'Precompiled', precompiled_charsmap: charactersMap }),
  }
}

class CharactersMap {
  readonly #trie: Uint32Array
  /** Replacements, each ended by a zero byte. */
  readonly #texts: Uint8Array

  constructor(encoded: string) {
    const bytes = decodeBase64(encoded)
    const trieLength = bytes === undefined ? 0 : readUint32(bytes, 0)
    if (bytes === undefined || bytes.length < 4 + trieLength || trieLength % 4 !== 0 || trieLength === 0) {
      throw new TokenizerError({
        operation: 'read tokenizer.json',
        argument: `'precompiled_charsmap' of a Precompiled normalizer`,
        got: describe(encoded),
        expected: 'base64 of a trie with its length in front and texts behind',
        fix: 'Take the file from its source again: this one was cut or changed.',
      })
    }
    this.#trie = Uint32Array.from({ length: trieLength / 4 }, (_, unit) => readUint32(bytes, 4 + 4 * unit))
    this.#texts = bytes.subarray(4 + trieLength)
  }

  /** The text for the shortest key that begins this text, or undefined. */
  replacement(text: string): string | undefined {
    let node = 0
    let unit = this.#trie[node]!
    node ^= offsetOf(unit)
    for (const byte of encodeUtf8(text)) {
      node ^= byte
      unit = this.#trie[node] ?? 0
      // A label that is no byte (its top bit is set) can't equal the byte either.
      if ((unit & 0x800000ff) >>> 0 !== byte) return undefined
      node ^= offsetOf(unit)
      if (((unit >>> 8) & 1) === 1) return this.#textAt(this.#trie[node]! & 0x7fffffff)
    }
    return undefined
  }

  #textAt(start: number): string {
    const end = this.#texts.indexOf(0, start)
    return decodeUtf8([...this.#texts.subarray(start, end < 0 ? this.#texts.length : end)])
  }
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6)
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

export function readPrecompiled(field: DocumentField): Normalizer {
  return precompiled(field.at('precompiled_charsmap').string())
}
