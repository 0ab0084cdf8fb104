import { Gpt2, Transformer, transformerBase } from '@qkv/model-zoo'
import type { Module, TokenScorer } from '@qkv/nn'
import { createReferenceBackend, Device, RandomStream, reshape, slice, type Tensor } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { beamSearch, greedySearch, sample } from './index.ts'

const device = new Device(createReferenceBackend())
const init = { device, random: new RandomStream(9) }
const vocabularySize = 11

const transformer = new Transformer(init, {
  ...transformerBase(vocabularySize),
  width: 8,
  heads: 2,
  encoderLayers: 1,
  decoderLayers: 2,
  innerWidth: 16,
  maximumLength: 32,
})
const gpt2 = new Gpt2(init, {
  vocabularySize,
  maximumLength: 32,
  width: 8,
  heads: 2,
  layers: 2,
  epsilon: 1e-5,
  dropout: 0,
  attentionDropout: 0,
  endId: 2,
})
// Small initial weights would make all tokens alike.
for (const model of [transformer, gpt2] as readonly Module[]) {
  for (const parameter of model.parameters().values()) {
    const values = parameter.value
      .readSync()
      .map((value, index) => value + 0.5 * Math.sin(index * 7.3 + parameter.size))
    parameter.assign(device.tensor(values, { shape: parameter.shape }))
  }
}

/** The same scores without any memory: the whole sequence goes through the model at every step. */
function uncached(forward: (rows: readonly (readonly number[])[]) => Tensor): TokenScorer {
  let rows: number[][] = []
  return {
    vocabularySize,
    advance(tokens) {
      rows = tokens.map((added, row) => [...(rows[row] ?? []), ...added])
      return device.scoped(() => {
        const last = slice(forward(rows), [{}, { start: -1 }])
        return reshape(last, [rows.length, vocabularySize])
      })
    },
    select(chosen) {
      rows = chosen.map((row) => rows[row]!)
    },
    dispose() {},
  }
}

function int32(rows: readonly (readonly number[])[]): Tensor {
  return device.tensor(Int32Array.from(rows.flat()), { shape: [rows.length, rows[0]!.length] })
}

const sources = [
  [3, 4, 5, 6],
  [7, 8, 0, 0],
]

/** Beams of one source are rows of one batch: as many copies of it as there are rows. */
const scorers: Readonly<Record<string, () => readonly [cached: TokenScorer, uncached: TokenScorer]>> = {
  'the encoder-decoder': () => [
    transformer.startDecoding([sources[0]!]),
    uncached((rows) => transformer.forward(int32(rows.map(() => sources[0]!)), int32(rows))),
  ],
  'GPT-2': () => [gpt2.startDecoding(), uncached((rows) => gpt2.forward(int32(rows)))],
}

describe.each(Object.entries(scorers))('%s', (_, create) => {
  test('beam search over cached keys finds what it finds without a cache', async () => {
    const options = { prompts: [[1, 5]], endId: 2, maximumTokens: 10, beams: 4, nBest: 4 } as const
    const [cachedScorer, plainScorer] = create()
    const [cached] = await beamSearch(cachedScorer, options)
    const [plain] = await beamSearch(plainScorer, options)
    expect(cached!.map(({ tokens }) => tokens)).toEqual(plain!.map(({ tokens }) => tokens))
    for (const [index, { logProbability }] of plain!.entries()) {
      expect(cached![index]!.logProbability).toBeCloseTo(logProbability, 4)
    }
    expect(new Set(cached!.map(({ tokens }) => tokens.join())).size).toBe(4)
  })

  test('sampling over cached keys draws what it draws without a cache', async () => {
    const runs = create().map(async (scorer) => {
      const tokens: number[] = []
      for await (const token of sample(scorer, {
        prompt: [1, 5],
        endId: 'none',
        maximumTokens: 12,
        seed: 3,
        topP: 0.9,
      })) {
        tokens.push(token)
      }
      return tokens
    })
    const [cached, plain] = await Promise.all(runs)
    expect(cached).toEqual(plain)
    expect(new Set(cached).size).toBeGreaterThan(2)
  })
})

test('translations of a batch are those of its sentences alone, and leave nothing behind', async () => {
  const before = device.memory().liveBuffers
  const options = { endId: 'none', maximumTokens: 6 } as const
  const together = await greedySearch(transformer.startDecoding(sources), { ...options, prompts: [[1], [1]] })
  for (const [index, source] of sources.entries()) {
    const alone = await greedySearch(transformer.startDecoding([source]), { ...options, prompts: [[1]] })
    expect(together[index]).toEqual(alone[0])
  }
  await beamSearch(transformer.startDecoding(sources), { ...options, prompts: [[1], [1]], beams: 3 })
  expect(device.memory().liveBuffers).toBe(before)
})
