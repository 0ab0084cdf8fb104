import { greedySearch } from '@qkv/generation'
import { fromTorchTransformer, Transformer, type TransformerConfig } from '@qkv/model-zoo'
import { RandomStream } from '@qkv/tensor'
import { type StepEvent, tokenLoss, Trainer, type TrainingBatches } from '@qkv/trainer'
import { type GroupAdapter, resultOf } from '../adapter.ts'
import { CaseCall, toTensor } from '../case-call.ts'
import { compareAll } from '../check-computation.ts'
import type { GoldenTensor } from '../golden-case.ts'
import { mismatch } from '../mismatch.ts'
import { renamedTensors, type Renaming, storedWeights } from '../stored-weights.ts'
import { entryOf, rowsOf } from '../tensor-entry.ts'
import { optimizerOf, scheduleOf, type Settings } from '../torch-training.ts'

/** One micro-batch of the stored ones, `[batch, length]` each. */
interface Batch {
  readonly source: GoldenTensor
  readonly input: GoldenTensor
  readonly target: GoldenTensor
}

export const trajectory: GroupAdapter = {
  group: 'trajectory',
  async run(testCase, { device }) {
    const kind = testCase.attrs['model'] ?? testCase.op
    if (testCase.op !== 'trajectory' || kind !== 'seq2seq') return resultOf(`no trainer of '${kind}' yet`)
    const call = new CaseCall(testCase, device)
    const model = new Transformer({ device, random: new RandomStream(0) }, configOf(call))
    try {
      model.loadState(renameSequenceModel(storedWeights(testCase.parameters)))
      return resultOf((await checkTraining(call, model)) ?? (await checkResult(call, model)))
    } finally {
      model.dispose()
    }
  },
}

function configOf(call: CaseCall): TransformerConfig {
  const vocabularySize = call.number('vocab')
  const [encoderLayers, decoderLayers] = call.numbers('layers')
  const tied = call.boolean('tied_generator')
  return {
    sourceVocabularySize: vocabularySize,
    targetVocabularySize: vocabularySize,
    width: call.number('d_model'),
    heads: call.number('nhead'),
    encoderLayers: encoderLayers!,
    decoderLayers: decoderLayers!,
    innerWidth: call.number('dim_feedforward'),
    feedForward: call.text('activation'),
    dropout: 0,
    attentionDropout: 0,
    norm: call.boolean('norm_first') ? 'pre' : 'post',
    finalNorm: true,
    epsilon: call.optionalNumber('layer_norm_eps') ?? 1e-5,
    sharedEmbeddings: tied ? 'target-and-output' : 'none',
    outputBias: !tied,
    maximumLength: 512,
    attention: ['scaled-dot', 'sinusoidal'],
    paddingId: call.number('pad'),
    beginId: call.number('bos'),
    endId: call.number('eos'),
  }
}

/** The embeddings and the generator around an `nn.Transformer`. */
const renameSequenceModel: Renaming = (entries) =>
  fromTorchTransformer(
    [...entries].map(([name, array]) => [
      name
        .replace(/^transformer\./, '')
        .replace(/^src_embed\.weight$/, 'sourceEmbedding.table')
        .replace(/^tgt_embed\.weight$/, 'targetEmbedding.table')
        .replace(/^generator\./, 'output.'),
      array,
    ]),
  )

/** Trains through the stored batches, and compares loss, gradient norm and learning rate of every step. */
async function checkTraining(call: CaseCall, model: Transformer): Promise<string | null> {
  const { attrs, outputs } = call.testCase
  const batches = batchesOf(call)
  const clipNorm = call.optionalNumber('clip_norm')
  const optimizer = optimizerOf(attrs['optimizer'], attrs['optimizer_args'] as Settings, model.parameters())
  const trainer = new Trainer({
    model,
    optimizer,
    schedule: scheduleOf(attrs['schedule'] as Settings),
    lossOf: ({ source, input, target }: Batch) => {
      const logits = model.forward(toTensor(call.device, source), toTensor(call.device, input))
      const targets = { ids: Int32Array.from(target.data), shape: target.shape }
      const options = { paddingId: call.number('pad'), labelSmoothing: call.number('label_smoothing') }
      // Micro-batches count alike, however many tokens they have.
      return { loss: tokenLoss(logits, targets, options).loss, tokens: 1 }
    },
    batches,
    random: new RandomStream(0),
    steps: call.number('steps'),
    accumulate: call.optionalNumber('grad_accumulation') ?? 1,
    ...(clipNorm !== undefined && { clipNorm }),
  })
  const steps: StepEvent[] = []
  trainer.on('step', (event) => void steps.push(event))
  try {
    await trainer.run()
  } finally {
    optimizer.dispose()
  }
  const figures: Readonly<Record<string, (step: StepEvent) => number>> = {
    loss: ({ loss }) => loss,
    grad_norm: ({ gradientNorm }) => gradientNorm,
    lr: ({ learningRate }) => learningRate,
  }
  for (const [name, figure] of Object.entries(figures)) {
    const problem = outputs[name] ? mismatch(steps.map(figure), outputs[name]) : null
    if (problem !== null) return `'${name}' ${problem}`
  }
  return null
}

function batchesOf({ testCase: { inputs } }: CaseCall): TrainingBatches<Batch> {
  const count = inputs['src']!.shape[0]!
  return {
    batchesPerEpoch: count,
    *batches({ batch: first }) {
      for (let batch = first; batch < count; batch++) {
        const [source, input, target] = ['src', 'tgt_in', 'tgt_out'].map((name) =>
          entryOf(inputs[name]!, batch),
        )
        yield { source: source!, input: input!, target: target!, next: { epoch: 0, batch: batch + 1 } }
      }
    },
  }
}

/** Compares the trained parameters, what they predict for the last batch, and its greedy translation. */
async function checkResult(call: CaseCall, model: Transformer): Promise<string | null> {
  const { inputs, outputs, finalParameters } = call.testCase
  const trained = Object.fromEntries([...model.parameters()].map(([path, { value }]) => [path, value]))
  const problem = await compareAll('parameter', trained, renamedTensors(finalParameters, renameSequenceModel))
  if (problem !== null) return problem
  const last = inputs['src']!.shape[0]! - 1
  const source = entryOf(inputs['src']!, last)
  const computed = {
    final_logits_last_batch: model.forward(
      toTensor(call.device, source),
      toTensor(call.device, entryOf(inputs['tgt_in']!, last)),
    ),
  }
  const { final_logits_last_batch: logits, greedy_last_batch: greedy } = outputs
  const wanted = logits && {
    final_logits_last_batch: withInheritedError(logits, Object.values(finalParameters)),
  }
  return (
    (wanted ? await compareAll('output', computed, wanted) : null) ??
    (greedy ? checkGreedy(model, rowsOf(source), greedy) : null)
  )
}

/**
 * What a trained model predicts is not stored with the float32 error of the training: it has at least that of the
 * trained matrices. Biases are left out, since those of keys may be anything (the softmax does not see them).
 */
function withInheritedError(stored: GoldenTensor, parameters: readonly GoldenTensor[]): GoldenTensor {
  const errors = parameters.filter(({ shape }) => shape.length > 1).map(({ float32Error }) => float32Error)
  return { ...stored, float32Error: Math.max(stored.float32Error, ...errors) }
}

async function checkGreedy(
  model: Transformer,
  sources: readonly (readonly number[])[],
  wanted: GoldenTensor,
): Promise<string | null> {
  const { beginId } = model.config
  const prompts = sources.map(() => [beginId])
  const options = { prompts, endId: 'none', maximumTokens: wanted.shape[1]! - 1 } as const
  const results = await greedySearch(model.startDecoding(sources), options)
  const problem = mismatch(
    results.flatMap((tokens) => [beginId, ...tokens]),
    wanted,
  )
  return problem === null ? null : `output 'greedy_last_batch' ${problem}`
}
