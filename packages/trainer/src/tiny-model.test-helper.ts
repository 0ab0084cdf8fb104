import { Dropout, Embedding, type Initialization, Linear, Module } from '@qkv/nn'
import { createReferenceBackend, Device, RandomStream, type Tensor } from '@qkv/tensor'
import {
  AdamW,
  type DataPosition,
  schedules,
  tokenLoss,
  type TokenLoss,
  type TrainerOptions,
  type TrainingBatches,
} from './index.ts'

export const vocabularySize = 7
export const paddingId = 0

/** Guesses for each token the one that follows it, by that token alone. */
export class TinyModel extends Module {
  readonly embedding: Embedding
  readonly dropout: Dropout
  readonly output: Linear

  constructor(initialization: Initialization, rate = 0) {
    super()
    this.embedding = new Embedding(initialization, { vocabularySize, width: 5 })
    this.dropout = new Dropout({ rate })
    this.output = new Linear(initialization, { inputSize: 5, outputSize: vocabularySize })
  }

  forward(tokens: Tensor): Tensor {
    return this.output.forward(this.dropout.forward(this.embedding.forward(tokens)))
  }
}

export interface TinyBatch {
  readonly inputs: Int32Array
  readonly targets: Int32Array
  readonly shape: readonly [number, number]
}

/** The token after `token`, in a language without surprises. */
export const successor = (token: number): number => 1 + (token % (vocabularySize - 1))

/** Rows of different lengths; nothing but the position decides what is in a batch. */
export function tinyBatch({ epoch, batch }: DataPosition): TinyBatch {
  const shape = [2 + (batch % 3), 4] as const
  const inputs = new Int32Array(shape[0] * shape[1]).fill(paddingId)
  const targets = inputs.slice()
  for (let row = 0; row < shape[0]; row++) {
    let token = 1 + ((7 * epoch + 3 * batch + row) % (vocabularySize - 1))
    for (let column = 0; column < 1 + ((row + batch) % shape[1]); column++) {
      inputs[row * shape[1] + column] = token
      token = successor(token)
      targets[row * shape[1] + column] = token
    }
  }
  return { inputs, targets, shape }
}

export function tinyBatches(batchesPerEpoch = 5): TrainingBatches<TinyBatch> {
  return {
    batchesPerEpoch,
    *batches(position) {
      for (let { epoch, batch } = position; ;) {
        const next =
          batch + 1 < batchesPerEpoch ? { epoch, batch: batch + 1 } : { epoch: epoch + 1, batch: 0 }
        yield { ...tinyBatch({ epoch, batch }), next }
        ;({ epoch, batch } = next)
      }
    },
  }
}

export function tinyLoss({ inputs, targets, shape }: TinyBatch, model: TinyModel): TokenLoss {
  const { device } = model.output.weight
  const logits = model.forward(device.tensor(inputs, { shape }))
  return tokenLoss(logits, { ids: targets, shape }, { paddingId })
}

export type TinyOptions = TrainerOptions<TinyBatch, TinyModel>

/** All that a trainer needs, made anew, as another process would. */
export function tinyTraining(
  settings: { readonly rate?: number; readonly device?: Device } = {},
): Omit<TinyOptions, 'steps' | 'epochs'> & { readonly device: Device } {
  const device = settings.device ?? new Device(createReferenceBackend())
  const model = new TinyModel({ device, random: new RandomStream(1) }, settings.rate)
  return {
    device,
    model,
    optimizer: new AdamW(model.parameters()),
    schedule: schedules.noam({ width: 5, warmup: 10, factor: 0.2 }),
    lossOf: tinyLoss,
    batches: tinyBatches(),
    random: new RandomStream(2),
  }
}

export async function weightsOf(model: Module): Promise<Record<string, number[]>> {
  const state = await model.readState()
  return Object.fromEntries([...state].map(([path, { data }]) => [path, [...data]]))
}
