import { beforeAll, describe, expect, test } from 'vitest'
import { referenceDevice, tinyFiles } from '../tiny-model.test-helper.ts'
import { encodeSource, specialIds } from '../tokens/tokenizers.ts'
import { loadTranslator, type Translator } from '../translation/translator.ts'
import { inspectTranslation } from './inspect-translation.ts'
import type { TranslationInspection } from './inspection.ts'

const device = referenceDevice()
const source = '机器学习'
const sites = ['encoder', 'decoder', 'cross'] as const
let translator: Translator
let tokens: readonly number[]
let inspection: TranslationInspection

beforeAll(async () => {
  translator = await loadTranslator((await tinyFiles()).files, { device })
  const [translation] = await translator.translate([source])
  tokens = translation!.candidates[0]!.tokens
  inspection = await inspectTranslation(translator, source, tokens, { topK: 4, sourceLength: 8 })
})

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0)

describe('attention', () => {
  test('every layer and head, with the lengths of what was read', () => {
    const [sourceLength, targetLength] = [8, tokens.length + 1]
    expect(inspection.source.map(({ token }) => token)).toEqual([
      ...source,
      '<eos>',
      '<pad>',
      '<pad>',
      '<pad>',
    ])
    expect(inspection.target.map(({ id }) => id)).toEqual([1, ...tokens])
    const lengths = {
      encoder: [sourceLength, sourceLength],
      decoder: [targetLength, targetLength],
      cross: [targetLength, sourceLength],
    }
    for (const site of sites) {
      expect(inspection.attention[site]).toHaveLength(2)
      for (const { queries, keys, heads } of inspection.attention[site]) {
        expect([queries, keys]).toEqual(lengths[site])
        expect(heads).toHaveLength(3)
        for (const { scores, weights, mask } of heads) {
          for (const numbers of [scores, weights, mask]) expect(numbers).toHaveLength(queries * keys)
        }
      }
    }
  })

  test('masks are what the sites say, and weights the softmax of the scores that they keep', () => {
    const keeps = {
      encoder: (_: number, key: number) => key < 5,
      decoder: (query: number, key: number) => key <= query,
      cross: (_: number, key: number) => key < 5,
    }
    for (const site of sites) {
      for (const { queries, keys, heads } of inspection.attention[site]) {
        for (const { scores, weights, mask } of heads) {
          for (let query = 0; query < queries; query += 1) {
            let total = 0
            for (let key = 0; key < keys; key += 1) {
              const index = query * keys + key
              expect(mask[index]).toBe(Number(keeps[site](query, key)))
              if (mask[index] === 1) total += Math.exp(scores[index]!)
            }
            for (let key = 0; key < keys; key += 1) {
              const index = query * keys + key
              const wanted = mask[index] === 1 ? Math.exp(scores[index]!) / total : 0
              expect(weights[index]).toBeCloseTo(wanted, 5)
            }
            expect(sum(weights.subarray(query * keys, (query + 1) * keys))).toBeCloseTo(1, 5)
          }
        }
      }
    }
  })

  test('the scores of the first encoder layer are those of plain loops over the weights', async () => {
    const { model, tokenizers } = translator
    const state = await model.readState()
    const weightsOf = (path: string): Float64Array => state.get(path)!.data as Float64Array
    const width = 12
    const table = weightsOf('sourceEmbedding.table')
    const positions = await model.sourcePositions
      .forward(device.tensor(new Float32Array(8 * width), { shape: [1, 8, width] }), 0)
      .read()
    const ids = [...encodeSource(tokenizers, source), 0, 0, 0]
    const hidden = ids.map((id, position) =>
      Array.from(
        { length: width },
        (_, column) => table[id * width + column]! * Math.sqrt(width) + positions[position * width + column]!,
      ),
    )
    const project = (name: string, input: readonly number[]): number[] =>
      Array.from({ length: width }, (_, row) => {
        const path = `encoder.layers.0.selfAttention.${name}`
        const products = input.map(
          (value, column) => value * weightsOf(`${path}.weight`)[row * width + column]!,
        )
        return sum(products) + weightsOf(`${path}.bias`)[row]!
      })
    const queries = hidden.map((input) => project('query', input))
    const keys = hidden.map((input) => project('key', input))
    for (const [head, { scores }] of inspection.attention.encoder[0]!.heads.entries()) {
      for (const [row, query] of queries.entries()) {
        for (const [column, key] of keys.entries()) {
          let wanted = 0
          for (let axis = head * 4; axis < (head + 1) * 4; axis += 1) wanted += query[axis]! * key[axis]!
          expect(scores[row * 8 + column]).toBeCloseTo(wanted / 2, 4)
        }
      }
    }
    const norms = hidden.map((state) => Math.sqrt(sum(state.map((value) => value * value))))
    for (const [position, norm] of norms.entries()) {
      expect(inspection.residualNorms.encoder[0]![position]).toBeCloseTo(norm, 4)
    }
  })

  test('the alignment is the mean over heads, and over layers', () => {
    const { cross } = inspection.attention
    for (const [layer, map] of inspection.alignment.layers.entries()) {
      for (const [index, value] of map.entries()) {
        expect(value).toBeCloseTo(sum(cross[layer]!.heads.map(({ weights }) => weights[index]!)) / 3, 6)
      }
    }
    for (const [index, value] of inspection.alignment.mean.entries()) {
      expect(value).toBeCloseTo(sum(inspection.alignment.layers.map((map) => map[index]!)) / 2, 6)
    }
  })
})

test('the norms of hidden states: one per embedding and layer, and after a post-norm layer that of its norm', async () => {
  const { encoder, decoder } = inspection.residualNorms
  expect([encoder.length, decoder.length]).toEqual([3, 3])
  expect(encoder.every((norms) => norms.length === 8)).toBe(true)
  expect(decoder.every((norms) => norms.length === tokens.length + 1)).toBe(true)
  const sourceIds = device.tensor(Int32Array.from(inspection.source.map(({ id }) => id)), { shape: [1, 8] })
  const { memory } = translator.model.encode(sourceIds)
  const numbers = await memory.read()
  for (const [position, norm] of encoder[2]!.entries()) {
    const row = numbers.subarray(position * 12, (position + 1) * 12)
    expect(norm).toBeCloseTo(Math.sqrt(sum([...row].map((value) => value ** 2))), 4)
  }
})

test('predictions are the softmax of the logits, best first', async () => {
  const { endId } = specialIds(translator.tokenizers.target)
  const logits = device.scoped(() =>
    translator.model.forward(
      device.tensor(Int32Array.from(inspection.source.map(({ id }) => id)), { shape: [1, 8] }),
      device.tensor(Int32Array.from(inspection.target.map(({ id }) => id)), {
        shape: [1, tokens.length + 1],
      }),
    ),
  )
  const numbers = await logits.read()
  const size = translator.model.config.targetVocabularySize
  for (const [position, { candidates, next }] of inspection.predictions.entries()) {
    const row = [...numbers.subarray(position * size, (position + 1) * size)]
    const total = Math.log(sum(row.map(Math.exp)))
    const order = row.map((_, id) => id).toSorted((a, b) => row[b]! - row[a]!)
    expect(candidates.map(({ id }) => id)).toEqual(order.slice(0, 4))
    expect(next.id).toBe([...tokens, endId][position])
    for (const { id, logit, logProbability, probability, text } of [...candidates, next]) {
      expect(logit).toBeCloseTo(row[id]!, 5)
      expect(logProbability).toBeCloseTo(row[id]! - total, 5)
      expect(probability).toBeCloseTo(Math.exp(row[id]! - total), 5)
      expect(text).toBe(translator.tokenizers.target.decode([id], { skipSpecialTokens: false }))
    }
  }
  expect(inspection.logProbability).toBeCloseTo(
    sum(inspection.predictions.map(({ next }) => next.logProbability)),
    8,
  )
})

test('nothing stays on the device, also when something fails', async () => {
  const before = device.memory().liveBuffers
  await inspectTranslation(translator, source, tokens, { ablate: [{ site: 'encoder', layer: 0, head: 1 }] })
  await expect(inspectTranslation(translator, source, [9999])).rejects.toThrow('9999')
  await expect(inspectTranslation(translator, '我'.repeat(30), tokens)).rejects.toThrow(
    "inspectTranslation: 'source' has 31 tokens, expected at most 24, the longest that the model can read",
  )
  expect(device.memory().liveBuffers).toBe(before)
})

test('attention without scores says so', async () => {
  const { files } = await tinyFiles({ config: { attention: ['linear', 'sinusoidal'] } })
  const linear = await loadTranslator(files, { device })
  const before = device.memory().liveBuffers
  await expect(inspectTranslation(linear, source, [])).rejects.toThrow(
    'has encoder attention without a score matrix (layer 0)',
  )
  expect(device.memory().liveBuffers).toBe(before)
  await linear.dispose()
})
