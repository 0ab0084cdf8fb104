import { describe, expect, test } from 'vitest'
import { createRandomGenerator, fromState } from './random-generator.ts'
import { shuffle } from './shuffle.ts'

function draw(seed: number, stream?: number): string {
  const random = createRandomGenerator(seed, stream)
  return Array.from({ length: 4 }, () => random.next()).join(' ')
}

describe('createRandomGenerator', () => {
  test('is xoshiro128**: the authors’ C program with state 1, 2, 3, 4', () => {
    const random = fromState([1, 2, 3, 4])
    const first = Array.from({ length: 10 }, () => random.next())
    expect(first).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ])
    for (let skipped = 0; skipped < 999; skipped += 1) random.next()
    expect(random.next()).toBe(199196162)
  })

  test('depends on seed and stream, and on nothing else', () => {
    expect(draw(1)).toBe(draw(1, 0))
    const drawn = [0, 1, 2, 2 ** 32, 2 ** 32 + 1].flatMap((seed) =>
      [0, 1, 2, 2 ** 40].map((stream) => draw(seed, stream)),
    )
    expect(new Set(drawn).size).toBe(drawn.length)
  })

  test('draws below a bound evenly: chi-square over 7 values, 70000 draws', () => {
    const random = createRandomGenerator(3)
    const counts = new Array<number>(7).fill(0)
    for (let draw = 0; draw < 70000; draw += 1) counts[random.below(7)]! += 1
    const statistic = counts.reduce((sum, count) => sum + (count - 10000) ** 2 / 10000, 0)
    // The 0.9999 quantile of chi-square with 6 degrees of freedom.
    expect(statistic).toBeLessThan(27.86)
  })

  test('draws again from the incomplete last run', () => {
    // Of 2^32 values, the last 2^32 - 3 * 2^30 would favor the smaller results.
    const bound = 3 * 2 ** 30
    const random = createRandomGenerator(4)
    const small = Array.from({ length: 3000 }, () => random.below(bound)).filter((value) => value < 2 ** 30)
    expect(small.length).toBeGreaterThan(880)
    expect(small.length).toBeLessThan(1120)
  })

  test.each([-1, 0.5, Number.NaN, 2 ** 60])('refuses the seed %d', (seed) => {
    expect(() => createRandomGenerator(seed)).toThrow(
      `createRandomGenerator: 'seed' is ${seed}, expected a whole number of at least 0; pass such a number as 'seed'.`,
    )
  })

  test('refuses a bound outside its range', () => {
    expect(() => createRandomGenerator(1).below(0)).toThrow(
      "RandomGenerator.below: 'bound' is 0, expected a whole number from 1 to 4294967296",
    )
  })
})

describe('shuffle', () => {
  test('gives every order of four items equally often', () => {
    const random = createRandomGenerator(5)
    const counts = new Map<string, number>()
    for (let round = 0; round < 24000; round += 1) {
      const order = shuffle(['a', 'b', 'c', 'd'], random).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    const statistic = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    // The 0.9999 quantile of chi-square with 23 degrees of freedom.
    expect(statistic).toBeLessThan(57.1)
  })

  test('leaves the given array as it is', () => {
    const items = Object.freeze([1, 2, 3])
    expect(shuffle(items, createRandomGenerator(1)).toSorted()).toEqual([1, 2, 3])
  })
})
