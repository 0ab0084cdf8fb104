import { beamSearch, type BeamSearchStep, type Hypothesis } from '@qkv/generation'
import { RunError } from '../errors/run-error.ts'
import { encodeSource, specialIds, type Tokenizers } from '../tokens/tokenizers.ts'
import { readableBeginning } from '../tokens/readable-beginning.ts'
import { ablationTap } from './ablation.ts'
import type {
  PartialTranslation,
  TranslateOptions,
  Translation,
  TranslationCandidate,
  TranslatorParts,
} from './translator.ts'

interface WantedText {
  readonly text: string
  readonly index: number
}

/** Translates texts in one batch; `start` is the place of the first among all. */
export async function translateTogether(
  { model, tokenizers, generation }: TranslatorParts,
  texts: readonly string[],
  start: number,
  options: TranslateOptions,
): Promise<Translation[]> {
  const { maximumLength } = model.config
  const wanted: readonly WantedText[] = texts.flatMap((text, index) =>
    text.trim() === '' ? [] : [{ text, index }],
  )
  const sources = wanted.map(({ text, index }) => {
    const read = readableBeginning(tokenizers.source, text, maximumLength)
    const ids = encodeSource(tokenizers, read)
    if (ids.length <= maximumLength) return ids
    const count = `${read === text ? '' : 'more than '}${ids.length}`
    throw tooLongError(text, start + index, count, maximumLength)
  })
  const tap = ablationTap(model, options.ablate ?? [])
  const results: Translation[] = texts.map((source) => ({ source, text: '', candidates: [] }))
  if (sources.length === 0 || options.signal?.aborted === true) return results
  const { beginId, endId } = specialIds(tokenizers.target)
  const hypotheses = await beamSearch(model.startDecoding(sources, tap), {
    prompts: sources.map(() => [beginId]),
    endId,
    beams: options.beams ?? generation.beams,
    lengthPenalty: options.lengthPenalty ?? generation.lengthPenalty,
    // The begin token takes a position too.
    maximumTokens: Math.min(options.maximumTokens ?? generation.maximumTokens, maximumLength - 1),
    nBest: options.nBest ?? 1,
    onStep: reportSteps(tokenizers, wanted, start, options.onStep),
    ...(options.signal && { signal: options.signal }),
  })
  for (const [row, { text, index }] of wanted.entries()) {
    const candidates = (hypotheses[row] ?? []).map((each) => candidateOf(tokenizers, each))
    results[index] = { source: text, text: candidates[0]?.text ?? '', candidates }
  }
  return results
}

function reportSteps(
  tokenizers: Tokenizers,
  wanted: readonly WantedText[],
  start: number,
  onStep: TranslateOptions['onStep'],
): ((step: BeamSearchStep) => void | Promise<void>) | undefined {
  if (!onStep) return undefined
  return ({ length, best }) => {
    const partials = best.map((hypothesis, row): PartialTranslation => {
      const { finished } = hypothesis
      const candidate = candidateOf(tokenizers, hypothesis)
      // A character whose last bytes have not come yet is not shown.
      const text = finished ? candidate.text : candidate.text.replace(/\uFFFD+$/, '')
      return { ...candidate, text, finished, index: start + wanted[row]!.index }
    })
    return onStep({ step: length, partials })
  }
}

function candidateOf(
  { target }: Tokenizers,
  { tokens, score, logProbability }: Hypothesis,
): TranslationCandidate {
  return { text: target.decode(tokens), tokens, score, logProbability }
}

function tooLongError(text: string, index: number, tokens: string, maximumLength: number): RunError {
  return new RunError({
    operation: 'translate',
    argument: `texts[${index}]`,
    got: `has ${tokens} tokens (${JSON.stringify(text.slice(0, 30))}...)`,
    expected: `at most ${maximumLength}, the longest that the model can read`,
    fix: 'Split it into sentences, or train a model with a larger `maximumLength`.',
  })
}
