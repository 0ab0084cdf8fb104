import { quantize, type TokenScorer } from '@qkv/nn'
import type { Device } from '@qkv/tensor'
import type { Workload } from '../workload.ts'
import { createGpt, createGptStep, createTokens, describeGpt, type GptSizes, gptSizes } from './gpt-model.ts'
import { type Suite, timedSuite } from './suite.ts'

/** Forward, backward and AdamW. */
export function gptStepWorkload(device: Device, sizes: GptSizes = gptSizes): Workload {
  return {
    name: 'gpt-step',
    shape: `${describeGpt(sizes)}, ${sizes.batch}x${sizes.maximumLength} tokens`,
    tokens: sizes.batch * sizes.maximumLength,
    run: createGptStep(device, sizes),
  }
}

/** The logits of all positions. */
export function gptForwardWorkload(device: Device, sizes: GptSizes = gptSizes): Workload {
  const model = createGpt(device, sizes)
  const tokens = createTokens(device, sizes, 1)
  return {
    name: 'gpt-forward',
    shape: `${describeGpt(sizes)}, ${sizes.batch}x${sizes.maximumLength} tokens`,
    tokens: sizes.batch * sizes.maximumLength,
    run: () => model.forward(tokens),
  }
}

/** 19.5 million parameters: no cache holds them in float32. */
const wideSizes: GptSizes = { ...gptSizes, width: 512 }

/** One token after another, from half of the longest sequence to its end; weights of 32 and of 8 bits. */
export async function gptDecodeWorkloads(
  device: Device,
  sizes: GptSizes = gptSizes,
): Promise<readonly Workload[]> {
  const quantized = createGpt(device, sizes)
  await quantize(quantized)
  return [
    decodeWorkload('gpt-decode float32', createGpt(device, sizes), sizes),
    decodeWorkload('gpt-decode int8', quantized, sizes),
  ]
}

function decodeWorkload(name: string, model: ReturnType<typeof createGpt>, sizes: GptSizes): Workload {
  const { maximumLength, vocabularySize } = sizes
  const { device } = model.embedding.table
  const cached = maximumLength / 2
  const prompt = Array.from({ length: cached }, (_, index) => (index * 7919) % vocabularySize)
  let scorer: TokenScorer
  let next = 0
  return {
    name,
    shape: `${describeGpt(sizes)}, ${cached} to ${maximumLength} cached tokens`,
    tokens: 1,
    session: {
      runs: maximumLength - cached,
      begin() {
        scorer = model.startDecoding()
        device.scoped(() => scorer.advance([prompt]))
      },
      end: () => scorer.dispose(),
    },
    run() {
      next = (next + 1) % vocabularySize
      const logits = scorer.advance([[next]])
      // Whoever decodes reads them, to choose the next token.
      return device.backend.capabilities.synchronousRead ? logits.readSync() : logits.read()
    },
  }
}

export const gptStep: Suite = timedSuite(
  'gpt-step',
  'A training step of a GPT: forward, backward, AdamW.',
  (device) => [gptStepWorkload(device)],
)

export const gptForward: Suite = timedSuite(
  'gpt-forward',
  'A forward pass of a GPT: logits of all positions.',
  (device) => [gptForwardWorkload(device)],
)

export const gptDecode: Suite = timedSuite(
  'gpt-decode',
  'Decoding with a GPT: one token of one sequence, with cached keys and values; weights of 32 and of 8 bits.',
  async (device) => [...(await gptDecodeWorkloads(device)), ...(await gptDecodeWorkloads(device, wideSizes))],
)
