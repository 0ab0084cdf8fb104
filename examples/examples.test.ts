import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

/** What each example must print; every example has an entry. */
const expected: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  '01-fit-a-line.ts': ['slope 2.000, offset -1.000', 'live buffers: 4'],
  '02-attention-by-hand.ts': [
    '0.0000  1.0000  1.0000',
    '2.0000  4.0000  4.0000',
    '0.0634  0.4683  0.4683',
    '1.9366  6.6831  1.5951',
  ],
  '03-train-a-tokenizer.ts': [/我\|爱/, '我爱机器学习。 I love machine learning.'],
  '04-look-inside.ts': ['layer 1: weights [1, 2, 4, 4]', 'query 0: 1.00 0.00 0.00 0.00'],
  '05-your-own-attention.ts': [
    'scaled-dot + distance-bias + causal',
    'parts.distance-bias.strength',
    'output [2, 5, 8]',
    "fused: 'distance-bias' changes the scores in its own way",
  ],
}

const files = readdirSync(new URL('.', import.meta.url)).filter((name) => /^\d\d-.*\.ts$/.test(name))
let printed = ''

beforeEach(() => {
  printed = ''
  vi.spyOn(console, 'log').mockImplementation((...parts: unknown[]) => {
    printed += `${parts.join(' ')}\n`
  })
})

afterEach(() => {
  vi.restoreAllMocks()
})

test('every example has its expected output', () => {
  expect(Object.keys(expected)).toEqual(files)
})

test.for(files)('%s runs and prints what it should', async (file) => {
  await import(/* @vite-ignore */ new URL(file, import.meta.url).href)
  for (const part of expected[file]!) expect(printed).toMatch(part)
})
