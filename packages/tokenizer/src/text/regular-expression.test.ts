import { expect, test } from 'vitest'
import { TokenizerError } from '../errors.ts'
import { compilePattern, literalPattern } from './regular-expression.ts'

function matches(pattern: string, text: string): string[] {
  return [...text.matchAll(compilePattern(pattern))].map(([match]) => match)
}

test.each([
  ['white space is Unicode white space', String.raw`\s+`, 'a\u0085b\uFEFFc d', ['\u0085', ' ']],
  [
    'words have letters of all scripts, marks and joiners',
    String.raw`\w+`,
    'na\u0308h 学习_1!',
    ['na\u0308h', '学习_1'],
  ],
  ['script names stand alone', String.raw`\p{Han}+`, 'ab学习cd', ['学习']],
  ['a caret negates a property', String.raw`\p{^L}+`, 'ab12cd', ['12']],
  ['ignoring case in a group', `(?i:'s|'ll)`, `it's IT'S he'LL he'Ll'x`, [`'s`, `'S`, `'LL`, `'Ll`]],
  ['ignoring case with a set', `'(?i:[sdmt]|ll)`, `a's A'D 'x`, [`'s`, `'D`]],
  ['ignoring case with a range', '(?i)[a-c]+', 'xABcd', ['ABc']],
  ['an inner set is a union', ' ?[^(\\s|[.,!?…。])]+', 'hi, 你好。', ['hi', ' 你好']],
  ['escapes that JavaScript does not know', String.raw`[\-\#\']+|\"`, `a-#'b"`, [`-#'`, '"']],
  ['a hyphen escaped inside and outside', String.raw`\-[a\-z]`, '-a -- -z -b', ['-a', '--', '-z']],
  ['code points by number', String.raw`[\u4e00-\u9fff]|\x41|\x{1F600}`, 'A学😀B', ['A', '学', '😀']],
  ['the ends of the text', String.raw`\Aa|b\z`, 'aabb', ['a', 'b']],
  ['a count without a lower bound', '^a{,2}', 'aaa', ['aa']],
  ['braces that count nothing', 'a{x}|}', 'a{x}}', ['a{x}', '}']],
])('%s', (_, pattern, text, expected) => {
  expect(matches(pattern, text)).toEqual(expected)
})

test('possessive quantifiers and atomic groups give nothing back', () => {
  expect(matches('a++ab?', 'aaab')).toEqual([])
  expect(matches('(?>a+)b', 'aab')).toEqual(['aab'])
  expect(matches('(?>a|ab)c', 'abc')).toEqual([])
  expect(matches(String.raw`[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}`, ' hello12345')).toEqual([
    ' hello',
    '123',
    '45',
  ])
})

test('a literal pattern has no special characters', () => {
  expect([...'a.b|c a.b|c'.matchAll(literalPattern('a.b|c'))]).toHaveLength(2)
})

test.each([
  '[[:alpha:]]',
  '[a&&b]',
  '[a[^b]]',
  '(a',
  'a)',
  String.raw`\p{Nonsense}`,
  String.raw`(a)\1`,
  '(?x)a',
  '[',
])('refuses %s with a sentence', (pattern) => {
  expect(() => compilePattern(pattern)).toThrow(TokenizerError)
  expect(() => compilePattern(pattern)).toThrow(/^compile pattern: the regular expression is .* expected /u)
})
