import { createCpuBackend } from '@qkv/backend-cpu'
import { createNullBackend } from '@qkv/instruments'
import { Device, RandomStream } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { countOperations } from '../count-operations.ts'
import type { Workload } from '../workload.ts'
import { createGpt, type GptSizes, gptSizes } from './gpt-model.ts'
import { gptDecodeWorkloads, gptForwardWorkload, gptStepWorkload } from './gpt.ts'
import { createSeq2seq, type Seq2seqSizes, seq2seqSizes, seq2seqStepWorkload } from './seq2seq.ts'

const tinyGpt: GptSizes = { layers: 2, width: 16, heads: 2, vocabularySize: 50, maximumLength: 8, batch: 2 }
const tinySeq2seq: Seq2seqSizes = {
  width: 16,
  heads: 2,
  layers: 1,
  vocabularySize: 50,
  pairs: 3,
  length: 4,
}

/** Runs it twice, which must leave nothing behind, and gives the operations of a run. */
async function operationsOf(device: Device, workload: Workload): Promise<number> {
  const run = (): void => device.scoped(() => void workload.run())
  run()
  const before = device.memory().liveBuffers
  const operations = await countOperations(device, run)
  expect(device.memory().liveBuffers).toBe(before)
  return operations
}

test('a GPT in small does the products that its sizes say', async () => {
  const device = new Device(createCpuBackend({ threads: 1 }))
  const { layers, width, vocabularySize, batch, maximumLength } = tinyGpt
  const perToken = layers * (2 * 12 * width * width + 4 * maximumLength * width) + 2 * vocabularySize * width
  const forward = batch * maximumLength * perToken
  expect(await operationsOf(device, gptForwardWorkload(device, tinyGpt))).toBe(forward)
  // Attention computes its scores again on the way back.
  const scoresAgain = batch * layers * 2 * maximumLength * maximumLength * width
  expect(await operationsOf(device, gptStepWorkload(device, tinyGpt))).toBe(3 * forward + scoresAgain)
})

test('decoding runs with weights of 8 bits, as often as there is room for tokens', async () => {
  const device = new Device(createCpuBackend({ threads: 1 }))
  const [float32, int8] = await gptDecodeWorkloads(device, tinyGpt)
  const logits = [float32!, int8!].map((workload) => {
    workload.session!.begin()
    let values: unknown
    for (let run = 0; run < workload.session!.runs; run += 1) values = device.scoped(() => workload.run())
    workload.session!.end()
    return [...(values as Float32Array)]
  }) as [number[], number[]]
  expect(logits[0]).toHaveLength(tinyGpt.vocabularySize)
  expect(logits[1]).not.toEqual(logits[0])
  const deviation = Math.hypot(...logits[0].map((value, index) => value - logits[1][index]!))
  expect(deviation).toBeLessThan(0.1 * Math.hypot(...logits[0]))
})

test('a translation model in small trains', async () => {
  const device = new Device(createCpuBackend({ threads: 1 }))
  const workload = seq2seqStepWorkload(device, tinySeq2seq)
  expect(workload.tokens).toBe(12)
  expect(await operationsOf(device, workload)).toBeGreaterThan(0)
})

test('the sizes are those that the tables name', () => {
  const device = new Device(createNullBackend())
  expect(createGpt(device, gptSizes).parameterCount() / 1e6).toBeCloseTo(5.03, 2)
  const model = createSeq2seq(device, new RandomStream(1), seq2seqSizes)
  expect(model.parameterCount() / 1e6).toBeCloseTo(11.7, 1)
})
