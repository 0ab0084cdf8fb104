import { Gpt2, type Gpt2Config, gpt2Small } from '@qkv/model-zoo'
import { moduleValueAndGrad } from '@qkv/nn'
import { crossEntropy, type Device, RandomStream, type Tensor } from '@qkv/tensor'
import { AdamW } from '@qkv/trainer'

/** A GPT-2 in small, and how many sequences it is trained on at once; they are as long as it allows. */
export interface GptSizes extends Pick<
  Gpt2Config,
  'layers' | 'width' | 'heads' | 'vocabularySize' | 'maximumLength'
> {
  readonly batch: number
}

/** 5.1 million parameters, 1,024 tokens a step. */
export const gptSizes: GptSizes = {
  layers: 6,
  width: 256,
  heads: 8,
  vocabularySize: 1000,
  maximumLength: 128,
  batch: 8,
}

export function createGpt(device: Device, sizes: GptSizes, dropout = 0): Gpt2 {
  const { batch: _, ...config } = sizes
  const init = { device, random: new RandomStream(1) }
  return new Gpt2(init, { ...gpt2Small(), ...config, dropout, attentionDropout: dropout })
}

/** Made-up ids, `[batch, length]`, which live as long as the device. */
export function createTokens(device: Device, sizes: GptSizes, seed: number): Tensor {
  const { batch, maximumLength, vocabularySize } = sizes
  const ids = Int32Array.from(
    { length: batch * maximumLength },
    (_, index) => ((index + seed) * 7919) % vocabularySize,
  )
  return device.retain(device.tensor(ids, { shape: [batch, maximumLength] }))
}

/** A function that makes one training step: forward, backward, AdamW. */
export function createGptStep(device: Device, sizes: GptSizes, dropout = 0): () => void {
  const model = createGpt(device, sizes, dropout)
  model.train(new RandomStream(2))
  const optimizer = new AdamW(model.parameters())
  const tokens = createTokens(device, sizes, 1)
  const targets = createTokens(device, sizes, 2)
  return () => {
    const lossOf = (): Tensor => crossEntropy(model.forward(tokens), targets)
    const { gradients } = moduleValueAndGrad(model, lossOf)
    optimizer.step(gradients, 1e-3)
  }
}

export function describeGpt({ layers, width, heads }: GptSizes): string {
  return `${layers} layers, width ${width}, ${heads} heads`
}
