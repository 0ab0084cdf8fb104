import { afterAll, describe, expect, test } from 'vitest'
import { referenceDevice, tinyConfig, type TinyOptions, tinyFiles } from '../tiny-model.test-helper.ts'
import { loadTranslator } from '../translation/translator.ts'
import { inspectParameters } from './inspect-parameters.ts'

const device = referenceDevice()
afterAll(() => device.dispose())

const formats: readonly TinyOptions['format'][] = ['float32', 'int8']

describe.each(formats)('%s', (format) => {
  test('every parameter once, with shape, axes and norm', async () => {
    const { files } = await tinyFiles({ format: format! })
    const { model } = await loadTranslator(files, { device })
    const before = device.memory().liveBuffers
    const parameters = await inspectParameters(model)
    expect(device.memory().liveBuffers).toBe(before)
    const byPath = new Map(parameters.map((parameter) => [parameter.path, parameter]))
    expect(byPath.size).toBe(parameters.length)

    const state = await model.readState()
    const paths = [...state.keys()].filter((path) => !path.endsWith('.scale'))
    expect([...byPath.keys()].toSorted()).toEqual(paths.toSorted())
    for (const [path, { shape, axes, size, norm, dtype }] of byPath) {
      const { data, shape: stored } = state.get(path)!
      const scale = state.get(path.replace(/weight$/, 'scale'))?.data
      expect(dtype === 'int8').toBe(scale !== undefined && path.endsWith('.weight'))
      expect(shape).toEqual(stored)
      expect(axes).toHaveLength(shape.length)
      expect(size).toBe(data.length)
      let squares = 0
      for (const [index, value] of data.entries()) {
        const factor = dtype === 'int8' ? scale![Math.floor(index / shape[1]!)]! : 1
        squares += (Number(value) * factor) ** 2
      }
      expect(norm).toBeCloseTo(Math.sqrt(squares), 4)
    }
    expect(byPath.get('targetEmbedding.table')).toMatchObject({
      axes: ['vocabulary', 'width'],
      shape: [tinyConfig.targetVocabularySize, 12],
    })
    expect(byPath.get('encoder.layers.1.feedForward.up.weight')).toMatchObject({
      axes: ['output', 'input'],
      shape: [16, 12],
      dtype: format,
    })
    expect(byPath.get('decoder.layers.0.crossAttentionSublayer.norm.bias')?.axes).toEqual(['width'])
    model.dispose()
  })
})

test('a parameter of an attention part has no axes by name', async () => {
  const { files } = await tinyFiles({ config: { attention: ['scaled-dot', 'learned'] } })
  const { model } = await loadTranslator(files, { device })
  const parameters = await inspectParameters(model)
  expect(parameters.map(({ path }) => path).toSorted()).toEqual([...model.parameters().keys()].toSorted())
  expect(parameters.filter(({ axes }) => axes.length === 0).map(({ shape }) => shape)).toContainEqual([
    24, 12,
  ])
  model.dispose()
})
