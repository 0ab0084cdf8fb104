import type { Transformer } from '@qkv/model-zoo'
import { type Device, norm, reshape, type Tensor } from '@qkv/tensor'
import { RunError } from '../errors/run-error.ts'
import { describeTokenIds, describeTokens } from '../tokens/describe-tokens.ts'
import { readableBeginning } from '../tokens/readable-beginning.ts'
import { specialIds } from '../tokens/tokenizers.ts'
import { ablationTap, type HeadPlace } from '../translation/ablation.ts'
import type { Translator } from '../translation/translator.ts'
import type { TranslationInspection } from './inspection.ts'
import { readAlignment, readAttentions } from './read-attentions.ts'
import { readComputed } from './read-computed.ts'
import { readPredictions } from './read-predictions.ts'
import { createRecording, type RecordedHidden } from './recording.ts'

export interface InspectTranslationOptions {
  /** Heads whose output is zero. */
  readonly ablate?: readonly HeadPlace[] | undefined
  /** Most probable tokens to list at each position; 10 unless said. */
  readonly topK?: number | undefined
  /** Padding is added up to this many source tokens, as in a batch with a longer sentence; none unless said. */
  readonly sourceLength?: number | undefined
}

/**
 * Runs a translation through the model once more, all positions at once, and reads what happens inside: attention, masks,
 * hidden states and predictions. `targetTokens` are those of a candidate, without begin and end.
 *
 * Throws a `RunError` for a sequence that is longer than the model can read, and for attention without a score matrix.
 *
 * @example
 * const [{ source, candidates }] = await translator.translate(['机器学习'])
 * const { attention } = await inspectTranslation(translator, source, candidates[0].tokens)
 * attention.cross[0].heads[0].weights // Float32Array [target, source]
 */
export async function inspectTranslation(
  { device, model, tokenizers }: Pick<Translator, 'device' | 'model' | 'tokenizers'>,
  source: string,
  targetTokens: readonly number[],
  options: InspectTranslationOptions = {},
): Promise<TranslationInspection> {
  const { ablate = [], topK = 10 } = options
  const { beginId, endId } = specialIds(tokenizers.target)
  const sourceEnd = specialIds(tokenizers.source)
  const beginning = readableBeginning(tokenizers.source, source, model.config.maximumLength)
  const text = describeTokens(tokenizers.source, beginning)
  const filled = Math.max(0, (options.sourceLength ?? 0) - text.length - 1)
  const added = [sourceEnd.endId, ...new Array<number>(filled).fill(sourceEnd.paddingId)]
  const read = {
    source: [...text, ...describeTokenIds(tokenizers.source, added)],
    target: describeTokenIds(tokenizers.target, [beginId, ...targetTokens]),
  }
  checkLength('source', read.source.length, model)
  checkLength('targetTokens', read.target.length, model)
  const recording = createRecording(device, ablationTap(model, ablate))
  const tensorOf = (ids: readonly number[]): Tensor =>
    device.tensor(Int32Array.from(ids), { shape: [1, ids.length] })
  try {
    using logits = device.scoped(() => {
      const [sourceIds, targetIds] = [read.source, read.target].map((tokens) =>
        tensorOf(tokens.map(({ id }) => id)),
      )
      return model.forward(sourceIds!, targetIds!, recording.tap)
    })
    const { attentions, hidden } = recording
    const next = [...targetTokens, endId]
    const predictions = await readPredictions(logits, { tokenizer: tokenizers.target, next, count: topK })
    return {
      ...read,
      attention: await readAttentions(device, attentions),
      alignment: await readAlignment(device, attentions),
      residualNorms: {
        encoder: await readNorms(device, hidden, 'encoder'),
        decoder: await readNorms(device, hidden, 'decoder'),
      },
      predictions,
      logProbability: predictions.reduce((sum, { next }) => sum + next.logProbability, 0),
    }
  } finally {
    recording.dispose()
  }
}

async function readNorms(
  device: Device,
  recorded: readonly RecordedHidden[],
  stack: RecordedHidden['stack'],
): Promise<readonly Float32Array[]> {
  const norms = await readComputed(device, () =>
    recorded
      .filter((each) => each.stack === stack)
      .map(({ hidden }) => reshape(norm(hidden, { axis: -1 }), [hidden.shape[1]!])),
  )
  return norms.map((numbers) => Float32Array.from(numbers))
}

function checkLength(argument: string, tokens: number, { config }: Transformer): void {
  if (tokens <= config.maximumLength) return
  throw new RunError({
    operation: 'inspectTranslation',
    argument,
    got: `has ${tokens} tokens`,
    expected: `at most ${config.maximumLength}, the longest that the model can read`,
    fix: 'Look at a shorter sentence.',
  })
}
