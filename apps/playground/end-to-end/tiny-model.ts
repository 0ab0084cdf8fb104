import { cpu } from '@qkv/backend-cpu'
import type { Page } from '@qkv/end-to-end'
import { createTinyModel, type ModelBytes, tinyTokenizers } from '@qkv/end-to-end/models'
import { loadTranslator, modelFilesFromMemory, type Translator } from '@qkv/pipelines'
import { openDevice } from '@qkv/tensor'

const { characters, pieces } = tinyTokenizers(
  ['机器学习', '我爱学习机器', '学习学习', '我爱你，你爱我', '机器爱你'],
  ['machine learning', 'I love learning', 'learn to learn', 'I love you', 'you love me'],
)

/** The files of a model with random weights; one direction normalises before sublayers, one after. */
export function tinyModel(direction: 'zh-en' | 'en-zh'): Promise<ModelBytes> {
  const fromChinese = direction === 'zh-en'
  return createTinyModel({
    tokenizers: fromChinese ? { source: characters, target: pieces } : { source: pieces, target: characters },
    config: {
      norm: fromChinese ? 'pre' : 'post',
      finalNorm: fromChinese,
      width: 24,
      heads: 3,
      encoderLayers: 2,
      decoderLayers: 2,
      innerWidth: 32,
      maximumLength: 32,
    },
    noise: 0.8,
    seed: 3,
    generation: { beams: 3, lengthPenalty: 1, maximumTokens: 9 },
  })
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
