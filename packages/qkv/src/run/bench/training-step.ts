import { Transformer, transformerBase } from '@qkv/model-zoo'
import { moduleValueAndGrad } from '@qkv/nn'
import { type Device, RandomStream } from '@qkv/tensor'
import { AdamW } from '@qkv/trainer'
import { translationLoss } from '../translation-loss.ts'
import type { Workload } from './measure.ts'

const vocabularySize = 2000
const rows = 32
const length = 17

/** One training step of a small Transformer: forward, backward, AdamW. */
export function trainingStepWorkload(device: Device): Workload {
  const random = new RandomStream(1)
  const config = {
    ...transformerBase(vocabularySize),
    width: 128,
    heads: 4,
    encoderLayers: 2,
    decoderLayers: 2,
    innerWidth: 512,
    dropout: 0,
    maximumLength: 64,
  }
  const model = new Transformer({ device, random }, config)
  model.train(random)
  const optimizer = new AdamW(model.parameters())
  const sequences = {
    ids: Int32Array.from({ length: rows * length }, (_, index) => 3 + ((index * 31) % (vocabularySize - 3))),
    shape: [rows, length] as const,
    lengths: new Int32Array(rows).fill(length),
  }
  return {
    name: 'training step',
    shape: `width ${config.width}, ${config.encoderLayers}+${config.decoderLayers} layers, ${rows}x${length} tokens`,
    tokens: rows * (length - 1),
    run() {
      const { gradients } = moduleValueAndGrad(model, () => {
        return translationLoss({ source: sequences, target: sequences }, model, { labelSmoothing: 0.1 }).loss
      })
      optimizer.step(gradients, 1e-4)
    },
  }
}
