import { createCpuBackend } from '@qkv/backend-cpu'
import { encodeSafetensors } from '@qkv/checkpoints'
import { Transformer, transformerBase, type TransformerConfig } from '@qkv/model-zoo'
import { describeModel, modelFileNames, type Tokenizers, type TranslatorParts } from '@qkv/pipelines'
import { add, Device, mul, RandomStream, randomUniform, sub } from '@qkv/tensor'

/** The files of a model by name. */
export type ModelBytes = ReadonlyMap<string, Uint8Array>

export interface TinyModelOptions extends Pick<TranslatorParts, 'generation' | 'training'> {
  readonly tokenizers: Tokenizers
  readonly config: Partial<TransformerConfig>
  /** Range of what is added to the weights that training begins with. */
  readonly noise: number
  readonly seed: number
}

/** The files of a translation model with random weights, strong enough for its attention to differ from place to place. */
export async function createTinyModel(options: TinyModelOptions): Promise<ModelBytes> {
  const { tokenizers, config, noise, seed, generation, training } = options
  const device = new Device(createCpuBackend({ threads: 1 }))
  const model = new Transformer(
    { device, random: new RandomStream(seed) },
    {
      ...transformerBase(tokenizers.target.vocabularySize),
      sourceVocabularySize: tokenizers.source.vocabularySize,
      sharedEmbeddings: 'target-and-output',
      dropout: 0,
      ...config,
    },
  )
  for (const [index, parameter] of [...model.parameters().values()].entries()) {
    device.scoped(() => {
      const uniform = sub(randomUniform(device, parameter.shape, { key: [index, seed] }), 0.5)
      parameter.assign(add(parameter.value, mul(uniform, noise)))
    })
  }
  const { description, weights, sourceTokenizer, targetTokenizer } = modelFileNames
  const bytes = new Map([
    [description, jsonBytes(describeModel({ model, tokenizers, generation, training }))],
    [sourceTokenizer, jsonBytes(tokenizers.source)],
    [targetTokenizer, jsonBytes(tokenizers.target)],
    [weights, encodeSafetensors([...(await model.readState())])],
  ])
  await device.dispose()
  return bytes
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
