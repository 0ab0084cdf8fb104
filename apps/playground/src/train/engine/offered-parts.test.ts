import { builtInParts, compose } from '@qkv/attention'
import { expect, test } from 'vitest'
import { type ConflictReason, partStages } from '../parts/part-entry.ts'
import { defaultsOf } from '../settings/settings.ts'
import { checkSettings } from './check-settings.ts'
import { offeredParts } from './offered-parts.ts'

const parts = offeredParts()
const entryOf = (name: string) => parts.find((part) => part.name === name)!

test.each(parts)('a model can be made with $name', async ({ name, complete }) => {
  const attention = complete ? [name] : ['scaled-dot', name]
  expect(await checkSettings({ ...defaultsOf('sort'), attention })).toBeUndefined()
})

test('parts that the model adds by itself, or that it cannot have, are no choice', () => {
  const names = parts.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['rope', 'polar', 'retention']))
  const others = ['causal', 'padding', 'dropout', 'fnet', 'efficient', 'graphormer-distance', 'perceiver']
  for (const name of others) expect(names).not.toContain(name)
})

test('every part says what it does, and every stage has one', () => {
  for (const { use, formula } of parts) expect([use, formula]).not.toContain('')
  expect(partStages.filter((stage) => !parts.some((part) => part.stage === stage))).toEqual([])
})

test.each([
  ['grouped-query', 'project'],
  ['rope', 'position'],
  ['sinusoidal', 'position'],
  ['none', 'position'],
  ['scaled-dot', 'score'],
  ['query-key-norm', 'score'],
  ['talking-heads', 'bias'],
  ['shaw', 'bias'],
  ['sliding-window', 'mask'],
  ['top-k', 'mask'],
  ['sparsemax', 'normalize'],
  ['differential', 'weights'],
  ['linear', 'mix'],
  ['gated', 'output'],
  ['laser', 'output'],
])('%s is listed under %s', (name, stage) => {
  expect(entryOf(name).stage).toBe(stage)
})

test.each([
  ['luong', 'scaled-dot', { kind: 'owner', slot: 'score' }],
  ['multi-query', 'grouped-query', { kind: 'owner', slot: 'keyHeads' }],
  ['linear', 'alibi', { kind: 'makes-no-scores' }],
  ['alibi', 'linear', { kind: 'finds-no-scores' }],
  [
    'differential',
    'alibi',
    {
      kind: 'words',
      words: "each head has two maps of scores, and 'alibi' counts on one map of scores per head",
    },
  ],
  ['rope', 'scaled-dot', undefined],
])('%s beside %s: %j', (name, other, reason) => {
  expect(entryOf(name).conflicts[other]).toEqual(reason)
})

/** What compose says of two parts. */
function refusal(name: string, other: string): string | undefined {
  try {
    compose([builtInParts.get(name)!(), builtInParts.get(other)!()])
    return undefined
  } catch (error) {
    return String(error)
  }
}

/** What it says where the reason is the right one. */
function wordsOf(reason: ConflictReason): string {
  if (reason.kind === 'owner') return `'${reason.slot}' claimed by`
  return reason.kind === 'words' ? reason.words : 'no score matrix'
}

test('a conflict is what compose refuses, in either order, and for the reason that it gives', () => {
  const wrong = parts.flatMap((one) =>
    parts
      .filter((other) => {
        const said = other === one ? undefined : refusal(other.name, one.name)
        const reason = one.conflicts[other.name]
        return reason ? !said?.includes(wordsOf(reason)) : said !== undefined
      })
      .map((other) => [one.name, other.name]),
  )
  expect(wrong).toEqual([])
})
