import { beamSearch, filterProbabilities, greedySearch, type SamplingFilters } from '@qkv/generation'
import { fromHuggingFaceGpt2, Gpt2 } from '@qkv/model-zoo'
import { RandomStream } from '@qkv/tensor'
import { type GroupAdapter, resultOf } from '../adapter.ts'
import { CaseCall } from '../case-call.ts'
import type { GoldenTensors } from '../golden-case.ts'
import { gpt2ConfigOf } from '../gpt2-config.ts'
import { mismatch } from '../mismatch.ts'
import { storedWeights } from '../stored-weights.ts'
import { rowsOf } from '../tensor-entry.ts'

export const decoding: GroupAdapter = {
  group: 'decoding',
  async run(testCase, { device }) {
    if (testCase.op !== 'decoding') return resultOf(`op '${testCase.op}' is not mapped`)
    const call = new CaseCall(testCase, device)
    const model = new Gpt2({ device, random: new RandomStream(0) }, gpt2ConfigOf(call))
    try {
      model.loadState(fromHuggingFaceGpt2(storedWeights(testCase.parameters)))
      return resultOf(await checkOutputs(call, model))
    } finally {
      model.dispose()
    }
  },
}

async function checkOutputs(call: CaseCall, model: Gpt2): Promise<string | null> {
  const { outputs } = call.testCase
  for (const [name, wanted] of Object.entries(outputs)) {
    const problem = mismatch(await computeOutput(name, outputs, call, model), wanted)
    if (problem !== null) return `output '${name}' ${problem}`
  }
  return null
}

/** What an output asks for stands in its name: `greedy_tokens`, `beam3_logprob`, `temp0.7_top3_probs`. */
async function computeOutput(
  name: string,
  outputs: GoldenTensors,
  call: CaseCall,
  model: Gpt2,
): Promise<readonly number[]> {
  const { prompts, maximumTokens } = searchOf(call)
  const parts = /^(greedy|exhaustive|beam(\d+)|.+)_(tokens|logprob|probs)$/.exec(name)
  const [, method, beams, kind] = parts ?? []
  if (kind === 'probs') {
    const scorer = model.startDecoding()
    const logits = await scorer.advance(prompts).read()
    scorer.dispose()
    return [...filterProbabilities(logits, filtersOf(method!))]
  }
  if (method === 'greedy' && kind === 'tokens') {
    const options = { prompts, endId: 'none', maximumTokens } as const
    return (await greedySearch(model.startDecoding(), options)).flat()
  }
  if (method === 'greedy') return search(call, model, { beams: 1, nBest: 1, kind })
  if (method === 'exhaustive') {
    // As many beams as there are sequences without their last token leave none out.
    const all = call.number('vocab') ** (maximumTokens - 1)
    return search(call, model, { beams: all, nBest: outputs[name]!.shape[0]!, kind })
  }
  if (beams === undefined) throw new Error(`output '${name}' is not mapped`)
  return search(call, model, { beams: Number(beams), nBest: Number(beams), kind })
}

async function search(
  call: CaseCall,
  model: Gpt2,
  options: { readonly beams: number; readonly nBest: number; readonly kind: string | undefined },
): Promise<readonly number[]> {
  const { beams, nBest, kind } = options
  const [hypotheses] = await beamSearch(model.startDecoding(), {
    ...searchOf(call),
    endId: 'none',
    beams,
    nBest,
    lengthPenalty: 0,
  })
  return hypotheses!.flatMap(({ tokens, logProbability }) => (kind === 'tokens' ? tokens : [logProbability]))
}

function searchOf(call: CaseCall): {
  readonly prompts: readonly (readonly number[])[]
  readonly maximumTokens: number
} {
  return { prompts: rowsOf(call.testCase.inputs['input_ids']!), maximumTokens: call.number('new_tokens') }
}

function filtersOf(name: string): SamplingFilters {
  const filters: { temperature?: number; topK?: number; topP?: number } = {}
  for (const part of name.split('_')) {
    const [, kind, value] = /^(temp|topk|topp|top)([\d.]+)$/.exec(part) ?? []
    if (kind === 'temp') filters.temperature = Number(value)
    else if (kind === 'topp') filters.topP = Number(value)
    else if (kind !== undefined) filters.topK = Number(value)
    else throw new Error(`sampling filter '${part}' is not mapped`)
  }
  return filters
}
