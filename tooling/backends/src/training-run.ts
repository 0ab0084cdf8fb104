import type { PaddedSequences } from '@qkv/data'
import { Transformer, transformerBase } from '@qkv/model-zoo'
import { moduleValueAndGrad } from '@qkv/nn'
import { translationLoss } from '@qkv/pipelines/training'
import { type Device, RandomStream, type Tensor } from '@qkv/tensor'
import { AdamW } from '@qkv/trainer'

const vocabularySize = 24
const pairs = 4

/** A small encoder-decoder with dropout and label smoothing, and one batch that it learns by heart. */
export interface TrainingRun {
  /** Makes a step; the loss stays on the device, and belongs to the caller. */
  step(): Tensor
}

/** The same run on every device: weights, dropout and tokens come from one seed. */
export function createTrainingRun(device: Device): TrainingRun {
  const random = new RandomStream(7)
  const model = new Transformer(
    { device, random },
    {
      ...transformerBase(vocabularySize),
      width: 16,
      heads: 2,
      encoderLayers: 1,
      decoderLayers: 1,
      innerWidth: 32,
      dropout: 0.1,
      attentionDropout: 0.1,
      norm: 'pre',
      finalNorm: true,
      maximumLength: 16,
    },
  )
  model.train(random)
  const optimizer = new AdamW(model.parameters())
  const source = sequences(5, [5, 3, 4, 5])
  const target = sequences(7, [7, 5, 6, 4])
  return {
    step() {
      const { value, gradients } = moduleValueAndGrad(
        model,
        () => translationLoss({ source, target }, model, { labelSmoothing: 0.1 }).loss,
      )
      optimizer.step(gradients, 5e-3)
      return value
    },
  }
}

/** The losses of a run of so many steps, read once at its end. */
export async function lossesOf(device: Device, steps: number): Promise<readonly number[]> {
  const scope = device.scope()
  const run = createTrainingRun(device)
  const losses = Array.from({ length: steps }, () => {
    const inner = device.scope()
    const loss = run.step()
    inner.keep(loss)
    inner.dispose()
    return loss
  })
  const values: number[] = []
  for (const loss of losses) values.push((await loss.read())[0]!)
  scope.dispose()
  return values
}

/** Token ids of sentences that are filled up to one length; the first three ids are padding, beginning and end. */
function sequences(length: number, lengths: readonly number[]): PaddedSequences {
  const ids = Int32Array.from({ length: pairs * length }, (_, index) => {
    const inside = index % length < lengths[Math.floor(index / length)]!
    return inside ? 3 + ((index * 7) % (vocabularySize - 3)) : 0
  })
  return { ids, lengths: Int32Array.from(lengths), shape: [pairs, length] }
}
