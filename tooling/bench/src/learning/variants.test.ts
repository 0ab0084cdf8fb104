import { builtInParts } from '@qkv/attention'
import { expect, test } from 'vitest'
import { type Variant, variants } from './variants.ts'

const all = variants()
const named = (name: string): Variant => all.find((variant) => variant.name === name)!
const partsOf = (name: string): readonly string[] => {
  const variant = named(name)
  return 'composition' in variant ? variant.composition.parts.map((part) => part.name) : []
}

test('every part is there, with a composition or the reason why there is none', () => {
  expect(all.map(({ name }) => name)).toEqual([...builtInParts.keys()])
  expect(all.filter((variant) => 'reason' in variant).map(({ name }) => name)).toEqual([
    'attention-pooling',
    'document',
    'perceiver',
  ])
})

test('a part replaces what it is an alternative to, and comes in addition otherwise', () => {
  expect(partsOf('scaled-dot')).toEqual(['scaled-dot', 'sinusoidal', 'causal'])
  expect(partsOf('cosine')).toEqual(['cosine', 'sinusoidal', 'causal'])
  expect(partsOf('alibi')).toEqual(['alibi', 'scaled-dot', 'causal'])
  expect(partsOf('none')).toEqual(['none', 'scaled-dot', 'causal'])
  expect(partsOf('retention')).toEqual(['retention', 'sinusoidal', 'causal'])
  expect(partsOf('sparsemax')).toEqual(['sparsemax', 'scaled-dot', 'sinusoidal', 'causal'])
})

test('what sees later positions is not causal', () => {
  expect(named('fnet').causal).toBe(false)
  expect(partsOf('fnet')).not.toContain('causal')
  expect(named('prefix-lm').causal).toBe(true)
})
