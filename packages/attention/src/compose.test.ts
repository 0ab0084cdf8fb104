import { matmul, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import {
  type AttentionPart,
  causal,
  compose,
  CompositionError,
  dropout,
  learned,
  padding,
  scaledDot,
} from './index.ts'

function part(name: string, stages: Partial<AttentionPart>): AttentionPart {
  return { name, source: 'a test', ...stages }
}

const mixer = part('mixer', { mix: (_, query, key, value) => matmul(query, matmul(key, value)) })
const normalizer = (name: string): AttentionPart => part(name, { normalize: (_, scores) => scores })

test('keeps the parts in order, and finds them by stage', () => {
  const parts = [scaledDot(), causal(), learned(), padding()]
  const composition = compose(parts)
  expect(composition.name).toBe('scaled-dot + causal + learned + padding')
  expect(composition.parts).toEqual(parts)
  expect(composition.owner('score')).toBe(parts[0])
  expect(composition.owner('mix')).toBeUndefined()
  expect(composition.having('mask')).toEqual([parts[1], parts[3]])
  expect(composition.having('embed')).toEqual([parts[2]])
})

test('refuses a part that is there twice', () => {
  const twice = (): unknown => compose([scaledDot(), causal(), causal()])
  expect(twice).toThrow(CompositionError)
  expect(twice).toThrow("compose: 'parts' has 'causal' twice, expected each part once. Remove one of them.")
})

test('refuses two owners of a slot', () => {
  expect(() => compose([scaledDot(), normalizer('sigmoid'), normalizer('softmax-plus-one')])).toThrow(
    "compose: 'normalize' claimed by 'sigmoid' and 'softmax-plus-one', expected one owner per slot. Keep one of them.",
  )
})

test('refuses parts that need scores beside one that has none', () => {
  const alibi = part('alibi', { bias: (_, scores) => scores })
  expect(() => compose([mixer, alibi])).toThrow(
    "compose: 'alibi' has a bias stage, but 'mixer' has no score matrix: 'alibi' cannot take part in it, " +
      "expected parts that work on queries, keys or outputs beside 'mixer'. Remove one of the two.",
  )
  expect(() => compose([scaledDot(), mixer])).toThrow("'scaled-dot' has a score stage")
  expect(compose([mixer, part('gate', { output: (_, output) => output })]).name).toBe('mixer + gate')
})

test.each<[string, readonly AttentionPart[], string | undefined]>([
  ['plain parts fuse', [scaledDot(), causal(), padding(), dropout()], undefined],
  ['nothing scores', [causal()], 'no part scores'],
  [
    'a bias',
    [scaledDot(), part('alibi', { bias: (_, scores) => scores })],
    "'alibi' changes the scores in its own way",
  ],
  [
    'a score of its own',
    [part('cosine', { score: (_, query, key) => matmul(query, key) })],
    "'cosine' scores in its own way",
  ],
  [
    'weights that change',
    [scaledDot(), part('gate', { weights: (_, weights) => weights })],
    "'gate' changes the weights",
  ],
  ['a mixer', [mixer], 'no part scores'],
])('says why it cannot fuse: %s', (_, parts, reason) => {
  expect(compose(parts).unfusable).toBe(reason)
})

test('query-key and output stages do not keep it from fusing', () => {
  const turn = part('turn', { queryKey: (_, query: Tensor, key: Tensor) => ({ query, key }) })
  expect(compose([scaledDot(), turn]).unfusable).toBeUndefined()
})
