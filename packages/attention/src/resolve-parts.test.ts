import { expect, test } from 'vitest'
import { type AttentionPart, builtInParts, CompositionError, resolveParts, scaledDot } from './index.ts'

test('names, names with options and values become parts', () => {
  const own = scaledDot()
  const parts = resolveParts(['causal', { part: 'dropout', options: { rate: 0.3 } }, own, { part: 'rope' }])
  expect(parts.map(({ name }) => name)).toEqual(['causal', 'dropout', 'scaled-dot', 'rope'])
  expect(parts[1]!.fused).toEqual({ dropoutRate: 0.3 })
  expect(parts[2]).toBe(own)
})

test('further factories come first, so that a plugin can replace a part', () => {
  const replacement: AttentionPart = { name: 'causal', source: 'elsewhere' }
  expect(resolveParts(['causal'], new Map([['causal', () => replacement]]))).toEqual([replacement])
})

test('an unknown name is an error that lists the known ones', () => {
  expect(() => resolveParts(['scaled-dots'], new Map([['mine', scaledDot]]))).toThrow(CompositionError)
  expect(() => resolveParts(['scaled-dots'], new Map([['mine', scaledDot]]))).toThrow(
    `attention: 'parts' has 'scaled-dots', expected a known part (${[...builtInParts.keys(), 'mine'].join(', ')}). Did you mean 'scaled-dot'? Check the spelling, or add the plugin that brings it.`,
  )
})

test('an unknown option is an error that lists the known ones', () => {
  expect(() => resolveParts([{ part: 'sliding-window', options: { lft: 4 } }])).toThrow(
    "sliding-window: 'options' has 'lft', expected left, right. Check the spelling, or leave it out.",
  )
  expect(() => resolveParts([{ part: 'causal', options: { left: 4 } }])).toThrow(
    "causal: 'options' has 'left', expected no options. Check the spelling, or leave it out.",
  )
})

test.each([
  [{ part: 'relu', options: { squared: 'no' } }, 'relu: \'squared\' is "no", expected true or false'],
  [
    { part: 'sliding-window', options: { left: '64' } },
    'sliding-window: \'left\' is "64", expected a number',
  ],
  [
    { part: 'block-sparse', options: { table: 'x' } },
    '\'table\' is "x", expected a list of lists of numbers',
  ],
  [{ part: 'learned-2d', options: { grid: 14 } }, "learned-2d: 'grid' is 14, expected a list of numbers"],
  [{ part: 'longformer', options: { globals: 3 } }, "longformer: 'globals' is 3, expected a list of numbers"],
  [{ part: 'kerple', options: { form: 1 } }, "kerple: 'form' is 1, expected a word in quotes"],
  [{ part: 'rope', options: { scaling: 'yarn' } }, 'rope: \'scaling\' is "yarn", expected an object'],
  [
    { part: 'rope', options: { scaling: { kind: 'yarn', factr: 3 } } },
    "rope: 'scaling' has 'factr', expected factor, originalLength, betaFast, betaSlow, truncate, attentionFactor",
  ],
  [
    { part: 'rope', options: { scaling: { kind: 'yarn', truncate: 0 } } },
    "rope: 'scaling.truncate' is 0, expected true or false",
  ],
])('a value of another kind is an error that says which is meant: %j', (choice, sentence) => {
  expect(() => resolveParts([choice])).toThrow(CompositionError)
  expect(() => resolveParts([choice])).toThrow(sentence)
})

test('what plugins take is theirs to check', () => {
  const own = (options?: object): AttentionPart => ({ name: 'mine', source: JSON.stringify(options) })
  const [part] = resolveParts([{ part: 'mine', options: { any: 1 } }], new Map([['mine', own]]))
  expect(part!.source).toBe('{"any":1}')
})

test('every part is found under its own name', () => {
  for (const [name, create] of builtInParts) expect(create().name).toBe(name)
})
