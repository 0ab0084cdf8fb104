import { cpu } from '@qkv/backend-cpu'
import { encodeSafetensors } from '@qkv/checkpoints'
import type { Page } from '@qkv/end-to-end'
import { Transformer, transformerBase } from '@qkv/model-zoo'
import { describeModel, loadTranslator, modelFilesFromMemory, type Translator } from '@qkv/pipelines'
import { add, mul, openDevice, RandomStream, randomUniform, sub } from '@qkv/tensor'
import { decoders, normalizers, type Tokenizer, trainByteLevelBpe, trainCharacterLevel } from '@qkv/tokenizer'

const special = ['<pad>', '<bos>', '<eos>', '<unk>']
const chinese = ['机器学习', '我爱学习机器', '学习学习', '我爱你，你爱我', '机器爱你']
const english = ['machine learning', 'I love learning', 'learn to learn', 'I love you', 'you love me']

const characters = trainCharacterLevel(chinese, { vocabularySize: 40, specialTokens: special })
const pieces = trainByteLevelBpe(english, {
  vocabularySize: 280,
  specialTokens: special,
  normalizer: normalizers.prepend(' '),
})

function withoutFirstBlank(tokenizer: Tokenizer): Tokenizer {
  const takeOff = decoders.strip({ content: ' ', start: 1, stop: 0 })
  return tokenizer.with({ decoder: decoders.sequence([decoders.byteLevel(), takeOff]) })
}

/** Name and bytes of each file. */
export type ModelBytes = Map<string, Uint8Array>

/** The files of a model with random weights, strong enough for its heads to differ; one direction normalises before sublayers, one after. */
export async function tinyModel(direction: 'zh-en' | 'en-zh'): Promise<ModelBytes> {
  const device = await openDevice({ backend: cpu() })
  const words = withoutFirstBlank(pieces)
  const tokenizers =
    direction === 'zh-en' ? { source: characters, target: words } : { source: words, target: characters }
  const model = new Transformer(
    { device, random: new RandomStream(3) },
    {
      ...transformerBase(tokenizers.target.vocabularySize),
      sourceVocabularySize: tokenizers.source.vocabularySize,
      sharedEmbeddings: 'target-and-output',
      norm: direction === 'zh-en' ? 'pre' : 'post',
      finalNorm: direction === 'zh-en',
      width: 24,
      heads: 3,
      encoderLayers: 2,
      decoderLayers: 2,
      innerWidth: 32,
      dropout: 0,
      maximumLength: 32,
    },
  )
  for (const [index, parameter] of [...model.parameters().values()].entries()) {
    device.scoped(() => {
      const noise = sub(randomUniform(device, parameter.shape, { key: [index, 5] }), 0.5)
      parameter.assign(add(parameter.value, mul(noise, 0.8)))
    })
  }
  const generation = { beams: 3, lengthPenalty: 1, maximumTokens: 9 }
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
  const bytes = new Map([
    ['config.json', json(describeModel({ model, tokenizers, generation }))],
    ['source-tokenizer.json', json(tokenizers.source)],
    ['target-tokenizer.json', json(tokenizers.target)],
    ['model.safetensors', encodeSafetensors([...(await model.readState())])],
  ])
  await device.dispose()
  return bytes
}

/** The same model in Node, to compare with. */
export async function translatorOf(bytes: ModelBytes): Promise<Translator> {
  const device = await openDevice({ backend: cpu() })
  return loadTranslator(modelFilesFromMemory(bytes, 'the test model'), { device })
}

/** Answers the page's requests for the files of a model. */
export async function serveModel(page: Page, direction: 'zh-en' | 'en-zh', bytes: ModelBytes): Promise<void> {
  await page.route(`**/models/${direction}/*`, async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1)!
    const body = bytes.get(name)
    if (body) await route.fulfill({ body: Buffer.from(body), contentType: 'application/octet-stream' })
    else await route.fulfill({ status: 404, body: '' })
  })
}
