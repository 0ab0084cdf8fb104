import type { Pair } from '@qkv/data'
import { inspectTranslation, RunError, type TokenDescription, type Translator } from '@qkv/pipelines'
import type { AttentionMaps, Look, Sample, TokenLabel } from './run-updates.ts'

const sampleCount = 8
/** Symbols or characters of the example: few enough to read the map, enough to see an order in it. */
const exampleLength = 6

/** Lets a model write a few held-out examples, and reads its cross-attention on one of them. The model must be in evaluation. */
export async function lookAtModel(
  translator: Translator,
  heldOut: readonly Pair[],
  step: number,
): Promise<Look> {
  return {
    step,
    samples: await writeSamples(translator, heldOut.slice(0, sampleCount)),
    attention: await readAttention(translator, exampleOf(heldOut), step),
  }
}

async function writeSamples(translator: Translator, pairs: readonly Pair[]): Promise<readonly Sample[]> {
  const written = await translator.translate(pairs.map(({ source }) => source))
  return pairs.map(({ source, target }, index) => {
    const { text } = written[index]!
    return { source, expected: target, written: text, right: text === target }
  })
}

/** The map of the right answer, so that the same cells can be compared from step to step. */
async function readAttention(
  translator: Translator,
  { source, target }: Pair,
  step: number,
): Promise<AttentionMaps | string> {
  const { ids } = translator.tokenizers.target.encode(target)
  try {
    const inspection = await inspectTranslation(translator, source, ids, { topK: 1 })
    return {
      step,
      source: inspection.source.map(labelOf),
      target: inspection.target.map(labelOf),
      weights: inspection.attention.cross.map(({ heads }) => heads.map(({ weights }) => weights)),
    }
  } catch (error) {
    // Attention without a score matrix has no map to show; anything else is a fault.
    if (error instanceof RunError) return error.message
    throw error
  }
}

function exampleOf(heldOut: readonly Pair[]): Pair {
  return heldOut.find(({ source }) => [...source].length >= exampleLength) ?? heldOut[0]!
}

function labelOf({ text, kind, continues }: TokenDescription): TokenLabel {
  // Without brackets: a wide label would turn all labels of a map on their sides.
  if (kind === 'special') return { text: text.replace(/^<(.+)>$/, '$1'), special: true }
  return { text: continues ? '·' : text, special: false }
}
