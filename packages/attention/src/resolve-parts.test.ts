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
    `attention: 'parts' has 'scaled-dots', expected a known part (${[...builtInParts.keys(), 'mine'].join(', ')}). Check the spelling, or add the plugin that brings it.`,
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

test('what plugins take is theirs to check', () => {
  const own = (options?: object): AttentionPart => ({ name: 'mine', source: JSON.stringify(options) })
  const [part] = resolveParts([{ part: 'mine', options: { any: 1 } }], new Map([['mine', own]]))
  expect(part!.source).toBe('{"any":1}')
})

test('every part is found under its own name', () => {
  for (const [name, create] of builtInParts) expect(create().name).toBe(name)
})
