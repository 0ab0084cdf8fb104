import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createCpuBackend } from '@qkv/backend-cpu'
import { encodeSafetensors } from '@qkv/checkpoints'
import { Transformer, transformerBase } from '@qkv/model-zoo'
import { type ModelDescription, specialTokens, storeAttention } from '@qkv/pipelines'
import { add, Device, mul, RandomStream, randomUniform, sub } from '@qkv/tensor'
import { decoders, normalizers, type Tokenizer, trainByteLevelBpe, trainCharacterLevel } from '@qkv/tokenizer'

const special = Object.values(specialTokens)
const chinese = [
  '机器学习',
  '我爱你。',
  '今天天气很好。',
  '你会说英语吗？',
  '他昨天没来上班。',
  '我们去图书馆看书吧。',
]
const english = ['machine learning', 'I love you.', 'The weather is nice today.', 'Can you speak Chinese?']

/** Tokens of the longest source sentence that the models claim to have seen. */
export const longestTrained = 24
/** Tokens of the longest that they can read. */
export const maximumLength = 40

/** The files of a model by name. */
export type TinyModel = ReadonlyMap<string, Uint8Array>

/** Models with random weights for both directions: small, fast, and never twice the same at two places. */
export async function createTinyModels(): Promise<ReadonlyMap<string, TinyModel>> {
  const characters = trainCharacterLevel(chinese, {
    vocabularySize: 48,
    specialTokens: special,
    minimumFrequency: 1,
  })
  const trained = trainByteLevelBpe(english, {
    vocabularySize: 300,
    specialTokens: special,
    normalizer: normalizers.prepend(' '),
  })
  const takeOff = decoders.strip({ content: ' ', start: 1, stop: 0 })
  const pieces = trained.with({ decoder: decoders.sequence([decoders.byteLevel(), takeOff]) })
  return new Map([
    ['zh-en', await createTinyModel(characters, pieces, 3)],
    ['en-zh', await createTinyModel(pieces, characters, 9)],
  ])
}

async function createTinyModel(source: Tokenizer, target: Tokenizer, seed: number): Promise<TinyModel> {
  const device = new Device(createCpuBackend({ threads: 1 }))
  const config = {
    ...transformerBase(target.vocabularySize),
    sourceVocabularySize: source.vocabularySize,
    sharedEmbeddings: 'target-and-output',
    width: 32,
    heads: 4,
    encoderLayers: 2,
    decoderLayers: 2,
    innerWidth: 48,
    dropout: 0,
    attention: ['scaled-dot', 'rope'],
    maximumLength,
  } as const
  const model = new Transformer({ device, random: new RandomStream(seed) }, config)
  // Stronger than those that training begins with: attention is not the same everywhere.
  for (const [index, parameter] of [...model.parameters().values()].entries()) {
    device.scoped(() => {
      const noise = sub(randomUniform(device, parameter.shape, { key: [index, seed] }), 0.5)
      parameter.assign(add(parameter.value, mul(noise, 0.9)))
    })
  }
  const description: ModelDescription = {
    format: 'qkv-model',
    version: 1,
    type: 'transformer',
    model: { ...config, attention: storeAttention(config.attention) },
    tokenizers: { source: 'source-tokenizer.json', target: 'target-tokenizer.json' },
    generation: { beams: 4, lengthPenalty: 1, maximumTokens: 14 },
    training: { longestSource: longestTrained },
  }
  const weights = encodeSafetensors([...(await model.readState())])
  await device.dispose()
  return new Map([
    ['config.json', jsonBytes(description)],
    ['source-tokenizer.json', jsonBytes(source)],
    ['target-tokenizer.json', jsonBytes(target)],
    ['model.safetensors', weights],
  ])
}

/** Writes models into folders of their directions. */
export async function writeModels(models: ReadonlyMap<string, TinyModel>, folder: string): Promise<void> {
  for (const [direction, files] of models) {
    await mkdir(join(folder, direction), { recursive: true })
    for (const [name, bytes] of files) await writeFile(join(folder, direction, name), bytes)
  }
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
