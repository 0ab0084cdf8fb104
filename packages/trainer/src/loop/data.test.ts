import { createLengthBuckets, type PairBatch, type TokenPair } from '@qkv/data'
import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { tokenLoss, type TokenLoss, Trainer } from '../index.ts'
import {
  paddingId,
  successor,
  type TinyModel,
  tinyTraining,
  vocabularySize,
  weightsOf,
} from '../tiny-model.test-helper.ts'
import { MemoryStore } from './memory-store.test-helper.ts'

const pairs = Array.from({ length: 40 }, (_, index): TokenPair => {
  const source = Array.from(
    { length: 1 + (index % 5) },
    (_, place) => 1 + ((index + place) % (vocabularySize - 1)),
  )
  return { source, target: source.map(successor) }
})

function pairLoss({ source, target }: PairBatch, model: TinyModel): TokenLoss {
  const { device } = model.output.weight
  return tokenLoss(model.forward(device.tensor(source.ids, { shape: source.shape })), target, { paddingId })
}

test('length buckets are taken up in the middle of an epoch', async () => {
  const make = (
    steps: number,
    store: MemoryStore,
  ): { training: ReturnType<typeof tinyTraining>; trainer: Trainer<PairBatch, TinyModel> } => {
    const training = tinyTraining({ rate: 0.2, device: new Device(createReferenceBackend()) })
    const batches = createLengthBuckets(pairs, { tokensPerBatch: 40, paddingId, seed: 3 })
    const options = { ...training, batches, lossOf: pairLoss, steps, checkpoint: { every: 100, store } }
    return { training, trainer: new Trainer(options) }
  }
  const straight = make(20, new MemoryStore())
  const tokens: number[] = []
  straight.trainer.on('step', (event) => void tokens.push(event.tokens))
  expect((await straight.trainer.run()).reason).toBe('finished')
  expect(new Set(tokens).size).toBeGreaterThan(1)

  const store = new MemoryStore()
  await make(13, store).trainer.run()
  const { epoch, batch } = store.saved.at(-1)!.state.position
  expect(epoch).toBeGreaterThan(0)
  expect(batch).toBeGreaterThan(0)
  const resumed = make(20, store)
  await resumed.trainer.resume()
  await resumed.trainer.run()
  expect(await weightsOf(resumed.training.model)).toEqual(await weightsOf(straight.training.model))
})
