import { expect, test } from 'vitest'
import { AlignedText } from '../text/aligned-text.ts'
import { encodeUtf8 } from '../text/utf8.ts'
import { precompiled } from './precompiled.ts'

/** A double-array trie with a block of 256 units per node, in the layout of Darts-clone, then the texts. */
function charactersMap(entries: readonly (readonly [string, string])[]): string {
  const units: number[] = [0]
  const texts: number[] = []
  const blocks = new Map<string, number>()
  const blockOf = (path: string): number => {
    if (!blocks.has(path)) blocks.set(path, blocks.size + 1)
    return blocks.get(path)!
  }
  const link = (node: number, path: string): number => {
    // The offset is kept without its low 8 bits, which bit 9 says: so it reaches any block.
    const offset = (node >> 8) ^ blockOf(path)
    units[node] = (units[node] ?? 0) | (offset << 10) | 0x200
    return node ^ (offset << 8)
  }
  for (const [key, text] of entries) {
    let node = 0
    let path = ''
    for (const byte of encodeUtf8(key)) {
      const child = link(node, path) ^ byte
      units[child] = (units[child] ?? 0) | byte
      node = child
      path += `/${byte}`
    }
    const leaf = link(node, path)
    units[node]! |= 0x100
    units[leaf] = (0x80000000 | texts.length) >>> 0
    texts.push(...encodeUtf8(text), 0)
  }
  const words = Array.from(units, (unit) => unit ?? 0)
  const bytes = [words.length * 4, ...words].flatMap((word) =>
    [0, 8, 16, 24].map((shift) => (word >>> shift) & 255),
  )
  return base64([...bytes, ...texts])
}

function base64(bytes: readonly number[]): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const text = (bits.match(/.{1,6}/gu) ?? [])
    .map((six) => digits[Number.parseInt(six.padEnd(6, '0'), 2)])
    .join('')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

const map = charactersMap([
  ['ﬁ', 'fi'],
  ['Ａ', 'A'],
  ['\u0000', ''],
  ['e\u0301', 'é'],
])

test('mapped characters are replaced where they stand, clusters as a whole', () => {
  const normalized = precompiled(map).normalize(new AlignedText('oﬁ\u0000Ａe\u0301!'))
  expect(normalized.text).toBe('ofiAé!')
  const places = [...'ofiAé!'].map((_, unit) => [normalized.startOf(unit), normalized.endOf(unit)])
  expect(places).toEqual([
    [0, 1],
    [1, 2],
    [1, 2],
    [3, 4],
    [4, 6],
    [6, 7],
  ])
})

test('the document keeps the map', () => {
  expect(precompiled(map).toJSON()).toEqual({ type: 'Precompiled', precompiled_charsmap: map })
})

test.each(['', '?', 'AAAA', base64([255, 0, 0, 0, 1])])('refuses %j', (broken) => {
  expect(() => precompiled(broken)).toThrow(/'precompiled_charsmap'.*expected base64 of a trie/u)
})
