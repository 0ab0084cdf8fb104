import { createReferenceBackend, Device, RandomStream } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { combineEvaluators, type Evaluator, lossEvaluator, textEvaluator } from '../index.ts'
import { tinyBatch, tinyLoss, TinyModel } from '../tiny-model.test-helper.ts'

function tinyModel(): { device: Device; model: TinyModel } {
  const device = new Device(createReferenceBackend())
  return { device, model: new TinyModel({ device, random: new RandomStream(1) }, 0.5) }
}
const batches = [0, 1, 2].map((batch) => tinyBatch({ epoch: 0, batch }))

describe('lossEvaluator', () => {
  const evaluator = lossEvaluator({ batches: () => batches, lossOf: tinyLoss })

  test('weighs batches by their tokens', async () => {
    const { device, model } = tinyModel()
    const parts = batches.map((batch) =>
      device.scoped(() => {
        const { loss, tokens } = tinyLoss(batch, model)
        return { loss: loss.readSync()[0]!, tokens }
      }),
    )
    const total = parts.reduce((sum, { loss, tokens }) => sum + loss * tokens, 0)
    const tokens = parts.reduce((sum, part) => sum + part.tokens, 0)
    const metrics = await evaluator.evaluate(model)
    expect(metrics['loss']).toBeCloseTo(total / tokens, 12)
    expect(metrics['perplexity']).toBeCloseTo(Math.exp(total / tokens), 10)
  })

  test('turns dropout off, draws no random number, and puts training back', async () => {
    const { device, model } = tinyModel()
    const inEvaluation = await evaluator.evaluate(model)
    const random = new RandomStream(7)
    model.train(random)
    const live = device.memory().liveBuffers
    expect(await evaluator.evaluate(model)).toEqual(inEvaluation)
    expect(random.state.position).toBe(0)
    expect(model.random).toBe(random)
    expect(device.memory().liveBuffers).toBe(live)
  })

  test('an exception puts training back, and leaks nothing', async () => {
    const { device, model } = tinyModel()
    const random = new RandomStream(7)
    model.train(random)
    const live = device.memory().liveBuffers
    const broken = lossEvaluator({
      batches: () => batches,
      lossOf(batch: (typeof batches)[number], each: TinyModel) {
        tinyLoss(batch, each)
        throw new Error('broken')
      },
    })
    await expect(broken.evaluate(model)).rejects.toThrow('broken')
    expect(model.random).toBe(random)
    expect(device.memory().liveBuffers).toBe(live)
  })

  test('no batch is an error', async () => {
    const none = lossEvaluator({ batches: () => [], lossOf: tinyLoss })
    await expect(none.evaluate(tinyModel().model)).rejects.toThrow("'batches' gave no batch")
  })
})

describe('textEvaluator', () => {
  const options = {
    sources: ['我 爱 你', '你 好'],
    references: [['i love you very much', 'hello to you my friend']],
  }

  test('scores what the model writes, in evaluation mode', async () => {
    const { model } = tinyModel()
    model.train(new RandomStream(1))
    const evaluator = textEvaluator({
      ...options,
      async decode(each, sources) {
        expect(each.training).toBe(false)
        expect(sources).toBe(options.sources)
        return ['i love you very much', 'nothing in common']
      },
    })
    const { bleu, chrf, exactMatch } = await evaluator.evaluate(model)
    expect(exactMatch).toBe(50)
    expect(bleu).toBeGreaterThan(20)
    expect(bleu).toBeLessThan(80)
    expect(chrf).toBeGreaterThan(20)
    expect(chrf).toBeLessThan(80)
    const perfect = textEvaluator({ ...options, decode: async () => options.references[0]! })
    expect((await perfect.evaluate(model))['bleu']).toBeCloseTo(100, 9)
  })

  test('a missing text is an error', async () => {
    const evaluator = textEvaluator({ ...options, decode: async () => ['one'] })
    await expect(evaluator.evaluate(tinyModel().model)).rejects.toThrow('gave 1 texts for 2 sources')
  })
})

describe('combineEvaluators', () => {
  const of = (name: string, metrics: Record<string, number>): Evaluator => ({
    name,
    evaluate: async () => metrics,
  })

  test('gives all figures', async () => {
    const evaluator = combineEvaluators([of('a', { loss: 1 }), of('b', { bleu: 2, chrf: 3 })])
    expect(evaluator.name).toBe('a+b')
    expect(await evaluator.evaluate(tinyModel().model)).toEqual({ loss: 1, bleu: 2, chrf: 3 })
  })

  test('refuses two figures of one name', async () => {
    const evaluator = combineEvaluators([of('a', { loss: 1 }), of('b', { loss: 2 })])
    await expect(evaluator.evaluate(tinyModel().model)).rejects.toThrow(
      "give 'loss' twice, by 'a' and by 'b'",
    )
  })
})
