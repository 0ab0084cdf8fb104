import { encodeSafetensors, float32ToFloat16, type NamedArray } from '@qkv/checkpoints'
import { Transformer, transformerBase, type TransformerConfig } from '@qkv/model-zoo'
import { quantize } from '@qkv/nn'
import { add, createReferenceBackend, Device, mul, RandomStream, randomUniform, sub } from '@qkv/tensor'
import { decoders, normalizers, type Tokenizer, trainByteLevelBpe, trainCharacterLevel } from '@qkv/tokenizer'
import { modelFilesFromMemory, type ModelFiles } from './files/model-files.ts'
import type { ModelDescription } from './model/model-description.ts'
import { storeAttention } from './model/stored-attention.ts'
import { specialTokens, type Tokenizers } from './tokens/tokenizers.ts'

const sources = ['机器学习', '我爱学习机器', '学习学习', '我爱你，你爱我', '机器爱你']
const targets = [
  'machine learning',
  'I love learning',
  'learn to learn',
  'machine, I love you',
  'you love me',
]
const special = Object.values(specialTokens)

/** Characters on the source side, bytes on the target side. */
export const tokenizers: Tokenizers = {
  source: trainCharacterLevel(sources, { vocabularySize: 40, specialTokens: special }),
  target: trainPieces(),
}

function trainPieces(): Tokenizer {
  const tokenizer = trainByteLevelBpe(targets, {
    vocabularySize: 270,
    specialTokens: special,
    normalizer: normalizers.prepend(' '),
  })
  const takeOff = decoders.strip({ content: ' ', start: 1, stop: 0 })
  return tokenizer.with({ decoder: decoders.sequence([decoders.byteLevel(), takeOff]) })
}

export const tinyConfig: TransformerConfig = {
  ...transformerBase(tokenizers.target.vocabularySize),
  sourceVocabularySize: tokenizers.source.vocabularySize,
  sharedEmbeddings: 'target-and-output',
  width: 12,
  heads: 3,
  encoderLayers: 2,
  decoderLayers: 2,
  innerWidth: 16,
  dropout: 0,
  maximumLength: 24,
}

export function referenceDevice(): Device {
  return new Device(createReferenceBackend({ precision: 'float64' }))
}

export interface TinyFiles {
  readonly description: ModelDescription
  readonly bytes: Map<string, Uint8Array>
  readonly files: ModelFiles
}

export interface TinyOptions {
  readonly config?: Partial<TransformerConfig>
  readonly format?: 'float32' | 'float16' | 'int8'
  readonly description?: Partial<ModelDescription>
}

/** The files of a model with random weights, strong enough for its attention to differ from place to place. */
export async function tinyFiles(options: TinyOptions = {}): Promise<TinyFiles> {
  const device = new Device(createReferenceBackend())
  const config = { ...tinyConfig, ...options.config }
  const model = new Transformer({ device, random: new RandomStream(3) }, config)
  for (const [index, parameter] of [...model.parameters().values()].entries()) {
    device.scoped(() => {
      const noise = sub(randomUniform(device, parameter.shape, { key: [index, 5] }), 0.5)
      parameter.assign(add(parameter.value, mul(noise, 1.2)))
    })
  }
  const { format = 'float32' } = options
  if (format === 'int8') await quantize(model)
  const arrays = [...(await model.readState())].map(([path, array]): [string, NamedArray] => [
    path,
    format === 'float16' && array.dtype === 'float32'
      ? { dtype: 'float16', shape: array.shape, data: float32ToFloat16(array.data) }
      : array,
  ])
  const description: ModelDescription = {
    format: 'qkv-model',
    version: 1,
    type: 'transformer',
    model: { ...config, attention: storeAttention(config.attention) },
    tokenizers: { source: 'source-tokenizer.json', target: 'target-tokenizer.json' },
    generation: { beams: 3, lengthPenalty: 1, maximumTokens: 12 },
    ...(format === 'int8' && { quantization: { bits: 8, blockSize: null } }),
    ...options.description,
  }
  const bytes = new Map([
    ['config.json', jsonBytes(description)],
    ['source-tokenizer.json', jsonBytes(tokenizers.source)],
    ['target-tokenizer.json', jsonBytes(tokenizers.target)],
    ['model.safetensors', encodeSafetensors(arrays)],
  ])
  await device.dispose()
  return { description, bytes, files: modelFilesFromMemory(bytes, 'the test model') }
}

export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
