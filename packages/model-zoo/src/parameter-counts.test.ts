import type { Module } from '@qkv/nn'
import { type Backend, createReferenceBackend, Device, RandomStream } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import {
  bertBase,
  BertForPretraining,
  Gpt2,
  gpt2Small,
  paperVocabularySize,
  Transformer,
  transformerBase,
  transformerBig,
  type TransformerConfig,
  Vit,
  vitBase,
} from './index.ts'

/** Computes nothing and stores nothing: hundreds of millions of parameters take no time and no memory. */
function shapesOnly(): Backend {
  const handle = { owner: 'shapes', byteLength: 0 }
  return {
    ...createReferenceBackend(),
    run: ({ outputs }) => outputs.map(() => handle),
    upload: () => handle,
    release: () => undefined,
  }
}

const init = { device: new Device(shapesOnly()), random: new RandomStream(1) }

function linear(inputs: number, outputs: number): number {
  return inputs * outputs + outputs
}

/** Of the paper's model, with everything shared that can be. */
function paperCount({ width, innerWidth, sourceVocabularySize }: TransformerConfig): number {
  const attention = 4 * linear(width, width)
  const feedForward = linear(width, innerWidth) + linear(innerWidth, width)
  const norm = 2 * width
  const encoderLayer = attention + feedForward + 2 * norm
  const decoderLayer = 2 * attention + feedForward + 3 * norm
  return sourceVocabularySize * width + 6 * encoderLayer + 6 * decoderLayer
}

test.each([
  // The paper's table 3 says 65 million and 213 million, for a vocabulary of about 37,000.
  ['base', transformerBase(), 63_082_496],
  ['big', transformerBig(), 214_245_376],
] as const)('the paper’s %s model', (_, config, count) => {
  expect(config.sourceVocabularySize).toBe(paperVocabularySize)
  expect(paperCount(config)).toBe(count)
  expect(new Transformer(init, config).parameterCount()).toBe(count)
})

describe('embeddings', () => {
  const config: TransformerConfig = {
    ...transformerBase(),
    sourceVocabularySize: 11,
    targetVocabularySize: 11,
    width: 8,
    innerWidth: 16,
    heads: 2,
  }
  const shared = paperCount(config)

  test.each([
    ['all', 0],
    ['target-and-output', 11 * 8],
    ['none', 2 * 11 * 8],
  ] as const)('shared: %s', (sharedEmbeddings, more) => {
    const model = new Transformer(init, { ...config, sharedEmbeddings })
    expect(model.parameterCount()).toBe(shared + more)
  })

  test('a bias and final norms are counted', () => {
    const model = new Transformer(init, { ...config, outputBias: true, finalNorm: true })
    expect(model.parameterCount()).toBe(shared + 11 + 2 * 2 * 8)
  })
})

// The figures that the published checkpoints are known by.
test.each<[string, () => Module, number]>([
  ['GPT-2 small', () => new Gpt2(init, gpt2Small()), 124_439_808],
  ['BERT base', () => new BertForPretraining(init, bertBase()).bert, 109_482_240],
  ['BERT base with its heads', () => new BertForPretraining(init, bertBase()), 110_106_428],
  ['ViT-B/16', () => new Vit(init, vitBase()), 86_567_656],
])('%s', (_, create, count) => {
  expect(create().parameterCount()).toBe(count)
})
