import { expect, test } from 'vitest'
import { type AttentionPart, builtInParts, CompositionError, resolveParts, scaledDot } from './index.ts'

test('names, names with options and values become parts', () => {
  const own = scaledDot()
  const parts = resolveParts(['causal', { part: 'dropout', options: { rate: 0.3 } }, own])
  expect(parts.map(({ name }) => name)).toEqual(['causal', 'dropout', 'scaled-dot'])
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

test('every part is found under its own name', () => {
  for (const [name, create] of builtInParts) expect(create().name).toBe(name)
})
