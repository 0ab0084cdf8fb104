import { encodeSafetensors, type NamedArray } from '@qkv/checkpoints'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RunError } from '../errors/run-error.ts'
import { inspectTranslation } from '../inspection/inspect-translation.ts'
import { buildModel } from '../model/build-model.ts'
import { parseModelDescription } from '../model/parse-model-description.ts'
import { jsonBytes, referenceDevice, tinyConfig, tinyFiles } from '../tiny-model.test-helper.ts'
import { loadTranslator } from '../translation/translator.ts'
import { modelFilesFromMemory } from './model-files.ts'
import { readModel } from './read-model.ts'

const device = referenceDevice()

describe('weights', () => {
  test.each([
    ['float16', 0.02],
    ['int8', 0.5],
  ] as const)('%s gives nearly what float32 gives', async (format, tolerance) => {
    const tokens = [10, 20, 30]
    const [exact, rounded] = await Promise.all(
      (['float32', format] as const).map(async (each) => {
        const { files } = await tinyFiles({ format: each })
        const translator = await loadTranslator(files, { device })
        const { logProbability } = await inspectTranslation(translator, '机器学习', tokens)
        await translator.dispose()
        return logProbability
      }),
    )
    expect(rounded).not.toBe(exact)
    expect(Math.abs(rounded! - exact!)).toBeLessThan(tolerance * Math.abs(exact!))
  })

  test('float16 comes as float32, and the rest of the header too', async () => {
    const { weights } = await readModel((await tinyFiles({ format: 'float16' })).files)
    expect(new Set([...weights.values()].map(({ dtype }) => dtype))).toEqual(new Set(['float32']))
  })
})

describe('the description', () => {
  test('may say how long the texts of training were', async () => {
    const { files } = await tinyFiles({ description: { training: { longestSource: 7 } } })
    const translator = await loadTranslator(files, { device })
    expect(translator.training).toEqual({ longestSource: 7 })
    await translator.dispose()
  })

  /** The description with one field set, or removed. */
  const change = async (path: string, value: unknown): Promise<string> => {
    const copy: unknown = structuredClone((await tinyFiles()).description)
    const names = path.split('.')
    const last = names.pop()!
    const owner = names.reduce((found, name) => found[name] as Fields, copy as Fields)
    if (value === undefined) delete owner[last]
    else owner[last] = value
    return JSON.stringify(copy)
  }
  type Fields = Record<string, unknown>

  test.each<[string, unknown, string]>([
    ['format', undefined, "model: 'a/config.json' names no format, expected the format 'qkv-model'"],
    ['format', 'gguf', 'has the format "gguf"'],
    ['version', 2, "'version of a/config.json' is 2, expected '1'. It is damaged, or a newer qkv wrote it"],
    ['model.width', 'wide', '\'model.width of a/config.json\' is "wide", expected a whole number'],
    ['model.heads', 1.5, "'model.heads of a/config.json' is 1.5, expected a whole number"],
    ['model.width', 0, 'is 0, expected a number of at least 1'],
    ['model.layers', 3, "'model.layers of a/config.json' is 3, but there is no such field"],
    [
      'model.attention',
      ['scaled-dot', 3],
      "attention.1 of a/config.json' is 3, expected a text, { part, options } or",
    ],
    ['model.attention', 'all', '\'model.attention of a/config.json\' is "all", expected a list of parts'],
    ['model.norm', 'middle', "expected 'pre' or 'post'"],
    ['model.dropout', 1, 'expected a number below 1'],
    ['generation', undefined, "'generation of a/config.json' is missing"],
    [
      'generation.beams',
      1e9,
      "'generation.beams of a/config.json' is 1000000000, expected a number of at most 1024",
    ],
    [
      'tokenizers.source',
      '../../etc/passwd',
      'is "../../etc/passwd", expected the name of a file in the same folder',
    ],
    ['tokenizers.target', 'https://example.org/x', 'expected the name of a file in the same folder'],
  ])('%s as %j is refused', async (path, value, sentence) => {
    const text = await change(path, value)
    expect(() => parseModelDescription(text, 'a/config.json')).toThrow(RunError)
    expect(() => parseModelDescription(text, 'a/config.json')).toThrow(sentence)
  })

  test('any JSON is refused with a sentence, and never with another error', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => parseModelDescription(text, 'config.json')).toThrow(RunError)
      }),
    )
  })
})

describe('files that do not belong together, or are damaged', () => {
  const readWith = async (name: string, bytes: Uint8Array | undefined): Promise<unknown> => {
    const { bytes: all } = await tinyFiles()
    if (bytes) all.set(name, bytes)
    else all.delete(name)
    return readModel(modelFilesFromMemory(all, 'here'))
  }

  test.each(['config.json', 'source-tokenizer.json', 'model.safetensors'])('%s is missing', async (name) => {
    await expect(readWith(name, undefined)).rejects.toThrow(
      `model: 'here' has no ${name}, expected the files`,
    )
  })

  test('is not JSON', async () => {
    const text = new TextEncoder().encode('<!doctype html>')
    await expect(readWith('config.json', text)).rejects.toThrow("'here/config.json' is not JSON")
    await expect(readWith('source-tokenizer.json', text)).rejects.toThrow(
      "model: 'here/source-tokenizer.json' has the document that is",
    )
  })

  test('weights that are cut short, or none', async () => {
    const whole = (await tinyFiles()).bytes.get('model.safetensors')!
    for (const bytes of [
      whole.subarray(0, 4),
      whole.subarray(0, 400),
      whole.subarray(0, -1),
      whole.subarray(1),
    ]) {
      await expect(readWith('model.safetensors', bytes)).rejects.toThrow('here/model.safetensors')
    }
  })

  test('weights of another type, or of another model, leave nothing on the device', async () => {
    const before = device.memory().liveBuffers
    const { bytes, description } = await tinyFiles()
    const { weights, ...stored } = await readModel(modelFilesFromMemory(bytes, 'here'))
    const [path, array] = [...weights].find(([name]) => name.endsWith('norm.weight'))!
    const whole = { dtype: 'int32', shape: array.shape, data: new Int32Array(12) }
    const changed = { ...stored, weights: new Map([...weights, [path, whole]]) }
    await expect(buildModel(changed, device)).rejects.toThrow('has dtype int32, expected float32')
    const lacking = { ...stored, weights: new Map([...weights].filter(([name]) => name !== path)) }
    await expect(buildModel(lacking, device)).rejects.toThrow(`lack '${path}'`)
    const needy = {
      weights,
      description: { ...description, model: { ...description.model, attention: [{ plugin: 'mine' }] } },
    }
    await expect(buildModel(needy, device)).rejects.toThrow("uses the part 'mine'")
    expect(device.memory().liveBuffers).toBe(before)
  })

  test.each<[object, string]>([
    [
      { width: 24 },
      "'here' has shape [270, 12] for the weights 'targetEmbedding.table', expected [270, 24], as its description says",
    ],
    [{ innerWidth: 2 ** 24 }, 'describes a model of'],
    [{ encoderLayers: 1024, decoderLayers: 1024 }, 'describes a model of'],
    [{ sourceVocabularySize: 2 ** 24 }, 'states 16777216 as sourceVocabularySize, expected'],
    [{ endId: 5 }, 'states 5 as endId, expected 2, as its tokenizer has it'],
  ])('%j asks for no memory', async (model, sentence) => {
    const { description } = await tinyFiles()
    const edited = { ...description, model: { ...description.model, ...model } }
    await expect(readWith('config.json', jsonBytes(edited))).rejects.toThrow(sentence)
  })

  test('a name that leads elsewhere is never read', async () => {
    const { files } = await tinyFiles()
    for (const name of ['../secret', 'a/b', '.hidden', '', 'C:\\x', 'https://example.org']) {
      await expect(files.read(name)).rejects.toThrow('expected a plain name, without folders')
    }
  })

  test('weights with a size that is no memory are refused by their header', async () => {
    const huge: [string, NamedArray] = ['x', { dtype: 'float32', shape: [1], data: Float32Array.of(1) }]
    const bytes = encodeSafetensors([huge])
    const text = new TextDecoder().decode(bytes).replace('[1]', '[9]')
    await expect(readWith('model.safetensors', new TextEncoder().encode(text))).rejects.toThrow(
      'here/model.safetensors',
    )
    expect(tinyConfig.width).toBe(12)
  })
})
