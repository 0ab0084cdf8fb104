import {
  type BleuOptions,
  type BleuTokenizerName,
  bleuTokenizers,
  type ChrfOptions,
  corpusBleu,
  corpusChrf,
  sentenceBleu,
  sentenceChrf,
} from '@qkv/trainer'

/** A case of the group `metrics`: texts, and the figures expected of them by name. */
export interface MetricsCase {
  readonly op: string
  readonly attrs: Readonly<Record<string, unknown>>
}

interface Texts {
  readonly hypotheses: readonly string[]
  /** `references[stream][sentence]` */
  readonly references: readonly (readonly string[])[]
}

/** The figures are float64 on both sides: what differs is the last bits of `exp` and `log`. */
const tolerance = 1e-10

/** Runs one case through the public API: null where it matches the reference, else what differs. */
export function runMetricsCase(testCase: MetricsCase): string | null {
  if (testCase.op !== 'text_metrics') return `no adapter for the operation '${testCase.op}'`
  const { expected, ...texts } = testCase.attrs as unknown as Texts & {
    expected: Readonly<Record<string, unknown>>
  }
  for (const [field, wanted] of Object.entries(expected)) {
    const compute = computationOf(field)
    if (compute === undefined) return `no adapter for the figure '${field}'`
    const problem = difference(field, compute(texts), wanted)
    if (problem !== null) return problem
  }
  return null
}

type Computation = (texts: Texts) => unknown

/** What a figure's name asks for, such as `bleu_floor_0.1`; undefined if nothing here computes it. */
function computationOf(field: string): Computation | undefined {
  for (const [pattern, computation] of computations) {
    const found = pattern.exec(field)
    if (found !== null) return computation(found[1] ?? '')
  }
  return undefined
}

const computations: readonly [pattern: RegExp, computation: (detail: string) => Computation][] = [
  [/^bleu$/, () => bleuFigures],
  [/^bleu_lc$/, () => bleu({ lowercase: true })],
  [/^bleu_tok_(.+)$/, (tokenizer) => bleu({ tokenizer: tokenizer as BleuTokenizerName })],
  [/^bleu_smooth_(none|exp)$/, (smoothing) => bleu({ smoothing: smoothing as 'none' | 'exp' })],
  [/^bleu_floor_(.+)$/, (floor) => bleu({ smoothing: { floor: Number(floor) } })],
  [/^bleu_addk_(.+)$/, (addK) => bleu({ smoothing: { addK: Number(addK) } })],
  [
    /^sentence_bleu_effective_order$/,
    () => bySentence((text, references) => sentenceBleu(text, references).score),
  ],
  [/^chrf$/, () => chrf({})],
  [/^chrfpp$/, () => chrf({ wordOrder: 2 })],
  [/^chrf_lc$/, () => chrf({ lowercase: true })],
  [/^chrf_ws$/, () => chrf({ whitespace: true })],
  [/^chrf_beta(.+)$/, (beta) => chrf({ beta: Number(beta) })],
  [/^sentence_chrf$/, () => bySentence((text, references) => sentenceChrf(text, references).score)],
  [
    /^tok(13a|zh|char|none)$/,
    (name) => (texts) => texts.hypotheses.map(bleuTokenizers[name as BleuTokenizerName]),
  ],
]

function bleu(options: BleuOptions): Computation {
  return ({ hypotheses, references }) => corpusBleu(hypotheses, references, options).score
}

function chrf(options: ChrfOptions): Computation {
  return ({ hypotheses, references }) => corpusChrf(hypotheses, references, options).score
}

function bySentence(score: (text: string, references: readonly string[]) => number): Computation {
  return ({ hypotheses, references }) =>
    hypotheses.map((text, sentence) =>
      score(
        text,
        references.map((stream) => stream[sentence] ?? ''),
      ),
    )
}

function bleuFigures({ hypotheses, references }: Texts): object {
  const found = corpusBleu(hypotheses, references)
  return {
    score: found.score,
    bp: found.brevityPenalty,
    counts: found.counts,
    totals: found.totals,
    precisions: found.precisions,
    sys_len: found.hypothesisLength,
    ref_len: found.referenceLength,
  }
}

/** The first place where two values differ, with both; null if they agree. */
function difference(place: string, got: unknown, wanted: unknown): string | null {
  if (typeof got === 'number' && typeof wanted === 'number') {
    const isClose = Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted))
    return isClose ? null : `${place} is ${got}, wanted ${wanted}`
  }
  if (isObject(got) && isObject(wanted)) {
    for (const key of new Set([...Object.keys(got), ...Object.keys(wanted)])) {
      const problem = difference(`${place}.${key}`, got[key], wanted[key])
      if (problem !== null) return problem
    }
    return null
  }
  return got === wanted ? null : `${place} is ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
