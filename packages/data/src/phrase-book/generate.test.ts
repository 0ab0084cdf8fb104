import { expect, test } from 'vitest'
import { generatePairs } from './generate.ts'
import { holdOut } from './held-out.ts'
import { createRandomGenerator } from '../random/random-generator.ts'
import { phrase } from './pattern.ts'
import type { Pattern } from './pattern.ts'

const coin: Pattern = { name: 'coin', make: (choose) => phrase(choose.one(['正', '反']), 'side') }
const number: Pattern = {
  name: 'number',
  make(choose) {
    const value = choose.number(1, 1000)
    return phrase(`${value}`, `number ${value}`)
  },
}

test('generatePairs takes patterns in turn, until they are used up', () => {
  const sources = generatePairs([coin, number], { count: 7, seed: 1, taken: new Set() }).map(
    ({ source }) => source,
  )
  expect(sources.filter((source) => ['正', '反'].includes(source))).toHaveLength(2)
  expect(new Set(sources).size).toBe(7)
  expect(generatePairs([coin], { count: 7, seed: 1, taken: new Set(['正']) })).toEqual([
    { source: '反', target: 'side' },
  ])
})

test('choose.two gives every ordered pair of different items', () => {
  const seen = new Set<string>()
  const two: Pattern = {
    name: 'two',
    make(choose) {
      seen.add(choose.two(['a', 'b', 'c']).join(' '))
      return phrase(`${seen.size}`, '')
    },
  }
  generatePairs([two], { count: 100, seed: 1, taken: new Set() })
  expect([...seen].toSorted()).toEqual(['a b', 'a c', 'b a', 'b c', 'c a', 'c b'])
})

test('holdOut chooses only pairs whose words training keeps and whose target it lacks', () => {
  const known = Array.from({ length: 12 }, (_, index) => phrase('我', `word ${'again '.repeat(index)}`))
  const repeated = [phrase('我', 'again word'), phrase('你', 'again word')]
  const rare = phrase('我', 'unheard again')
  const { train, test: held } = holdOut([rare, ...repeated, ...known], {
    count: 2,
    random: createRandomGenerator(1),
    phrases: [],
  })
  expect(held).toHaveLength(2)
  expect(held.every((pair) => known.includes(pair))).toBe(true)
  expect(train).toEqual([rare, ...repeated, ...known].filter((pair) => !held.includes(pair)))
})
