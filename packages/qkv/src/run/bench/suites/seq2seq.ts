import { Transformer, transformerBase } from '@qkv/model-zoo'
import { moduleValueAndGrad } from '@qkv/nn'
import { type Device, RandomStream } from '@qkv/tensor'
import { AdamW } from '@qkv/trainer'
import { translationLoss } from '@qkv/pipelines/training'
import type { Workload } from '../workload.ts'
import { type Suite, timedSuite } from './suite.ts'

/** An encoder-decoder, and the sentence pairs of a step, all of one length. */
export interface Seq2seqSizes {
  readonly width: number
  readonly heads: number
  /** Layers of the encoder, and of the decoder. */
  readonly layers: number
  readonly vocabularySize: number
  readonly pairs: number
  readonly length: number
}

/** 11.7 million parameters, 32 pairs of 32 and 32 tokens. */
export const seq2seqSizes: Seq2seqSizes = {
  width: 256,
  heads: 4,
  layers: 3,
  vocabularySize: 8000,
  pairs: 32,
  length: 32,
}

/** A training step as `qkv train` makes it: forward, backward, AdamW, with dropout and label smoothing. */
export function seq2seqStepWorkload(device: Device, sizes: Seq2seqSizes = seq2seqSizes): Workload {
  const { width, heads, layers, pairs, length } = sizes
  const random = new RandomStream(1)
  const model = createSeq2seq(device, random, sizes)
  model.train(random)
  const optimizer = new AdamW(model.parameters())
  const source = sequences(sizes, length)
  // Each token is predicted from those before it, so that one more is needed.
  const target = sequences(sizes, length + 1)
  return {
    name: 'seq2seq-step',
    shape: `${layers}+${layers} layers, width ${width}, ${heads} heads, ${pairs}x${length}+${length} tokens`,
    tokens: pairs * length,
    run() {
      const { gradients } = moduleValueAndGrad(
        model,
        () => translationLoss({ source, target }, model, { labelSmoothing: 0.1 }).loss,
      )
      optimizer.step(gradients, 1e-4)
    },
  }
}

export function createSeq2seq(device: Device, random: RandomStream, sizes: Seq2seqSizes): Transformer {
  const { width, heads, layers, vocabularySize, length } = sizes
  return new Transformer(
    { device, random },
    {
      ...transformerBase(vocabularySize),
      width,
      heads,
      encoderLayers: layers,
      decoderLayers: layers,
      innerWidth: 4 * width,
      sharedEmbeddings: 'none',
      norm: 'pre',
      finalNorm: true,
      maximumLength: 2 * length,
    },
  )
}

function sequences(
  { pairs, vocabularySize }: Seq2seqSizes,
  length: number,
): Parameters<typeof translationLoss>[0]['source'] {
  // The first three ids are padding, beginning and end.
  const idAt = (index: number): number => 3 + ((index * 7919) % (vocabularySize - 3))
  return {
    ids: Int32Array.from({ length: pairs * length }, (_, index) => idAt(index)),
    shape: [pairs, length],
    lengths: new Int32Array(pairs).fill(length),
  }
}

export const seq2seqStep: Suite = timedSuite(
  'seq2seq-step',
  'A training step of a translation model of 11.7 million parameters: forward, backward, AdamW.',
  (device) => [seq2seqStepWorkload(device)],
)
