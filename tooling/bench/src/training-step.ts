import { createCpuBackend } from '@qkv/backend-cpu'
import { profile, type ProfileRow } from '@qkv/instruments'
import { Transformer, transformerBase } from '@qkv/model-zoo'
import { moduleValueAndGrad } from '@qkv/nn'
import { crossEntropy, Device, RandomStream, reshape } from '@qkv/tensor'
import { AdamW } from '@qkv/trainer'

export interface TrainingStepSettings {
  readonly width: number
  readonly heads: number
  /** Layers of the encoder, and of the decoder. */
  readonly layers: number
  readonly batch: number
  /** Tokens per source and per target. */
  readonly length: number
  readonly vocabularySize: number
  readonly dropout: number
  /** Measured steps; a few more come before them, unmeasured. */
  readonly steps: number
  /** Threads that share the kernels. */
  readonly threads: number
}

export interface TrainingStepResult {
  readonly parameters: number
  /** Median and quartiles of a step: forward, backward and AdamW. */
  readonly milliseconds: { readonly median: number; readonly low: number; readonly high: number }
  /** Source and target tokens per second. */
  readonly tokensPerSecond: number
  /** Share of a step that is spent outside of the backend's kernels: tape, scopes, dispatch, JavaScript of layers. */
  readonly overhead: number
  readonly liveBuffers: number
  readonly kernels: readonly ProfileRow[]
}

const warmUp = 3

/** Trains an encoder-decoder on made-up tokens and measures its steps. */
export async function measureTrainingStep(settings: TrainingStepSettings): Promise<TrainingStepResult> {
  const { batch, length, layers, vocabularySize, steps } = settings
  const backend = profile(createCpuBackend({ threads: settings.threads }))
  const device = new Device(backend)
  const random = new RandomStream(1)
  const model = new Transformer(
    { device, random },
    {
      ...transformerBase(vocabularySize),
      width: settings.width,
      heads: settings.heads,
      encoderLayers: layers,
      decoderLayers: layers,
      innerWidth: settings.width * 4,
      dropout: settings.dropout,
      norm: 'pre',
      finalNorm: true,
    },
  )
  model.train(random)
  const optimizer = new AdamW(model.parameters())
  const ids = (seed: number): Int32Array =>
    Int32Array.from(
      { length: batch * length },
      (_, index) => 3 + ((index * 7919 + seed) % (vocabularySize - 3)),
    )
  const source = device.tensor(ids(1), { shape: [batch, length] })
  const target = device.tensor(ids(2), { shape: [batch, length] })
  const labels = device.tensor(ids(5))
  const step = (): number =>
    device.scoped(() => {
      const { value, gradients } = moduleValueAndGrad(model, () =>
        crossEntropy(reshape(model.forward(source, target), [batch * length, vocabularySize]), labels),
      )
      optimizer.step(gradients, 1e-3)
      return value.readSync()[0]!
    })

  for (let count = 0; count < warmUp; count++) step()
  backend.profile.reset()
  const times = Array.from({ length: steps }, () => {
    const start = performance.now()
    step()
    return performance.now() - start
  })
  const { rows, totalMilliseconds } = backend.profile.report()
  const total = times.reduce((sum, time) => sum + time, 0)
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)]!
  const { liveBuffers } = device.memory()
  await device.dispose()
  return {
    parameters: model.parameterCount(),
    milliseconds: { median: at(0.5), low: at(0.25), high: at(0.75) },
    tokensPerSecond: (2 * batch * length * 1000) / at(0.5),
    overhead: (total - totalMilliseconds) / total,
    liveBuffers,
    kernels: rows,
  }
}
