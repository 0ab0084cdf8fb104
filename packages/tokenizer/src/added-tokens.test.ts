import { expect, test } from 'vitest'
import { AddedTokenSplitter, type AddedToken } from './added-tokens.ts'
import { lowercase } from './normalizers/lowercase.ts'
import type { Normalizer } from './normalizers/normalizer.ts'
import { AlignedText } from './text/aligned-text.ts'

/** The sections of a text: added tokens in brackets with their ids, and the place of each. */
function sections(text: string, tokens: readonly AddedToken[], normalizer?: Normalizer): string[] {
  const splitter = new AddedTokenSplitter(tokens, normalizer, (content) => new AlignedText(content))
  return splitter.split(new AlignedText(text)).map((section) => {
    const place = `${section.text.startOf(0)}-${section.text.endOf(section.text.length - 1)}`
    return `${section.token === undefined ? section.text.text : `[${section.token.id}]`}@${place}`
  })
}

test('tokens are found as they stand, of several the longest', () => {
  const tokens = [
    { id: 0, content: '<s>' },
    { id: 1, content: '<s><s>' },
    { id: 2, content: 'a.c' },
  ]
  expect(sections('x<s><s><s>abc a.c', tokens)).toEqual([
    'x@0-1',
    '[1]@1-7',
    '[0]@7-10',
    'abc @10-14',
    '[2]@14-17',
  ])
  expect(sections('', tokens)).toEqual([])
  expect(sections('<s>', tokens)).toEqual(['[0]@0-3'])
})

test('white space goes along on the sides that strip it', () => {
  expect(sections('a  <m>  b', [{ id: 0, content: '<m>', stripLeft: true }])).toEqual([
    'a@0-1',
    '[0]@1-6',
    '  b@6-9',
  ])
  expect(sections('a  <m>  b', [{ id: 0, content: '<m>', stripRight: true }])).toEqual([
    'a  @0-3',
    '[0]@3-8',
    'b@8-9',
  ])
  const both = [{ id: 0, content: '<m>', stripLeft: true, stripRight: true }]
  expect(sections('<m> <m>', both)).toEqual(['[0]@0-4', '[0]@4-7'])
})

test('a single word touches no letter, of any script and plane', () => {
  const tokens = [{ id: 0, content: 'ing', singleWord: true }]
  expect(sections('ing sing ings 学ing 𠮷ing .ing!', tokens)).toEqual([
    '[0]@0-3',
    ' sing ings 学ing 𠮷ing .@3-26',
    '[0]@26-29',
    '!@29-30',
  ])
})

test('normalized tokens are looked for in normalized text, others in the source', () => {
  const tokens = [
    { id: 0, content: 'YES', normalized: true },
    { id: 1, content: 'NO' },
  ]
  expect(sections('yes Yes NO no', tokens, lowercase())).toEqual([
    '[0]@0-3',
    ' @3-4',
    '[0]@4-7',
    ' @7-8',
    '[1]@8-10',
    ' no@10-13',
  ])
})
