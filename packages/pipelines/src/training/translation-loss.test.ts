import { padSequences } from '@qkv/data'
import { Transformer, transformerBase } from '@qkv/model-zoo'
import { createReferenceBackend, Device, RandomStream } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { translationLoss } from './translation-loss.ts'

test('is the mean over real tokens of how surprising each is after those before it', async () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const config = {
    ...transformerBase(7),
    width: 4,
    heads: 2,
    encoderLayers: 1,
    decoderLayers: 1,
    innerWidth: 4,
    maximumLength: 8,
  }
  const model = new Transformer({ device, random: new RandomStream(3) }, config)
  model.evaluate()
  const sources = [
    [3, 4, 2],
    [5, 2],
  ]
  const targets = [
    [1, 4, 2],
    [1, 3, 5, 6, 2],
  ]
  const batch = { source: padSequences(sources, 0), target: padSequences(targets, 0) }
  const { loss, tokens } = translationLoss(batch, model, { labelSmoothing: 0 })

  // One sentence at a time, token by token, with no padding anywhere.
  let surprise = 0
  for (const [row, source] of sources.entries()) {
    const target = targets[row]!
    for (let length = 1; length < target.length; length += 1) {
      const read = device.tensor(Int32Array.from(target.slice(0, length)), { shape: [1, length] })
      const logits = await model
        .forward(device.tensor(Int32Array.from(source), { shape: [1, source.length] }), read)
        .read()
      const last = Array.from(logits.slice(-7))
      surprise += Math.log(last.reduce((sum, logit) => sum + Math.exp(logit), 0)) - last[target[length]!]!
    }
  }
  expect(tokens).toBe(6)
  expect(await loss.item()).toBeCloseTo(surprise / 6, 5)
})
