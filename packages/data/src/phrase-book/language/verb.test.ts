import { expect, test } from 'vitest'
import { regularPlural, withArticle } from './noun.ts'
import { verb } from './verb.ts'

test.each([
  ['play', 'plays', 'played', 'playing'],
  ['study', 'studies', 'studied', 'studying'],
  ['watch', 'watches', 'watched', 'watching'],
  ['go', 'goes', 'goed', 'going'],
  ['dance', 'dances', 'danced', 'dancing'],
  ['see', 'sees', 'seed', 'seeing'],
  ['miss', 'misses', 'missed', 'missing'],
  ['lie', 'lies', 'lied', 'lying'],
])('verb %s follows the rules of spelling', (base, third, past, progressive) => {
  expect(verb(base)).toEqual({ base, third, past, participle: past, progressive })
})

test('verb takes irregular forms; the participle follows the past', () => {
  expect(verb('feed', { past: 'fed' })).toMatchObject({ past: 'fed', participle: 'fed', third: 'feeds' })
  expect(verb('eat', { past: 'ate', participle: 'eaten' })).toMatchObject({
    past: 'ate',
    participle: 'eaten',
  })
})

test.each([
  ['book', 'books'],
  ['dictionary', 'dictionaries'],
  ['key', 'keys'],
  ['watch', 'watches'],
  ['box', 'boxes'],
])('regularPlural of %s is %s', (noun, plural) => {
  expect(regularPlural(noun)).toBe(plural)
})

test.each(['a book', 'an umbrella', 'a university', 'an orange', 'a hot egg'])(
  'withArticle gives %s',
  (words) => {
    expect(withArticle(words.replace(/^an? /, ''))).toBe(words)
  },
)
