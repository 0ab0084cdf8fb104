import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTinyModel, type ModelBytes, tinyTokenizers } from '@qkv/end-to-end/models'
import type { Tokenizers } from '@qkv/pipelines'

const { characters, pieces } = tinyTokenizers(
  ['机器学习', '我爱你。', '今天天气很好。', '你会说英语吗？', '他昨天没来上班。', '我们去图书馆看书吧。'],
  ['machine learning', 'I love you.', 'The weather is nice today.', 'Can you speak Chinese?'],
)

/** Tokens of the longest source sentence that the models claim to have seen. */
export const longestTrained = 24
/** Tokens of the longest that they can read. */
export const maximumLength = 40

/** Models with random weights for both directions: small, fast, and never twice the same at two places. */
export async function createTinyModels(): Promise<ReadonlyMap<string, ModelBytes>> {
  return new Map([
    ['zh-en', await create({ source: characters, target: pieces }, 3)],
    ['en-zh', await create({ source: pieces, target: characters }, 9)],
  ])
}

function create(tokenizers: Tokenizers, seed: number): Promise<ModelBytes> {
  return createTinyModel({
    tokenizers,
    config: {
      width: 32,
      heads: 4,
      encoderLayers: 2,
      decoderLayers: 2,
      innerWidth: 48,
      attention: ['scaled-dot', 'rope'],
      maximumLength,
    },
    noise: 0.9,
    seed,
    generation: { beams: 4, lengthPenalty: 1, maximumTokens: 14 },
    training: { longestSource: longestTrained },
  })
}

/** Writes models into folders of their directions. */
export async function writeModels(models: ReadonlyMap<string, ModelBytes>, folder: string): Promise<void> {
  for (const [direction, files] of models) {
    await mkdir(join(folder, direction), { recursive: true })
    for (const [name, bytes] of files) await writeFile(join(folder, direction, name), bytes)
  }
}
