import type { TokenScorer } from '@qkv/nn'
import { add, ArgumentError, logSoftmax, reshape, topK } from '@qkv/tensor'
import { checkCount, checkPrompts } from './check-options.ts'
import { type Hypothesis, HypothesisList } from './hypothesis-list.ts'
import type { SearchOptions } from './search-options.ts'

export interface BeamSearchOptions extends SearchOptions {
  /** How many partial sequences are kept for each prompt. */
  readonly beams: number
  /** Scores are divided by the length to this power: 0 prefers short results, 1 takes the mean; 1 unless said. */
  readonly lengthPenalty?: number
  /** How many results for each prompt, at most `beams`; 1 unless said. */
  readonly nBest?: number
  /**
   * When a prompt is done: `'enough'` as soon as there are `beams` results, `'certain'` (unless said) when no open
   * beam can still beat the worst of them.
   */
  readonly stopWhen?: 'enough' | 'certain'
  /** Called after each step, and waited for: what shows results while they grow, or lets a request to stop come in. */
  readonly onStep?: ((step: BeamSearchStep) => void | Promise<void>) | undefined
}

/** How far a search has come. */
export interface BeamSearchStep {
  /** Tokens that were generated for each open prompt, from 1 on. */
  readonly length: number
  /** What would be returned first if the search stopped here, for each prompt. */
  readonly best: readonly PartialHypothesis[]
}

/** The best sequence of a prompt so far. */
export interface PartialHypothesis extends Hypothesis {
  /** Whether it has ended; one that has not may still grow, or be overtaken by another. */
  readonly finished: boolean
}

/** A partial sequence. */
interface Beam {
  readonly tokens: readonly number[]
  readonly logProbability: number
}

/** One prompt under search. */
interface Search {
  readonly prompt: number
  readonly finished: HypothesisList
  beams: readonly Beam[]
}

/** A continuation of one beam by one token. */
interface Candidate {
  readonly row: number
  readonly token: number
  readonly logProbability: number
}

/**
 * Keeps the `beams` most probable partial sequences at each step. Returns the best results of each prompt, best
 * first, without prompt and end token; disposes the scorer.
 *
 * Source: Wu et al. 2016, Google's Neural Machine Translation System, section 7, with length to a power as penalty.
 *
 * @example
 * const [hypotheses] = await beamSearch(model.startDecoding([source]), { prompts: [[beginId]], endId, maximumTokens: 64, beams: 4 })
 */
export async function beamSearch(scorer: TokenScorer, options: BeamSearchOptions): Promise<Hypothesis[][]> {
  const {
    prompts,
    endId,
    maximumTokens,
    beams,
    lengthPenalty = 1,
    nBest = 1,
    stopWhen = 'certain',
    signal,
    onStep,
  } = options
  const searches: Search[] = prompts.map((_, prompt) => ({
    prompt,
    finished: new HypothesisList(beams, lengthPenalty),
    beams: [{ tokens: [], logProbability: 0 }],
  }))
  let open = searches
  let next: readonly (readonly number[])[] = prompts
  try {
    checkBeamOptions(options)
    for (let length = 1; length <= maximumTokens && open.length > 0 && !signal?.aborted; length++) {
      const candidates = await bestCandidates(scorer, next, open, beams * 2)
      const rows: number[] = []
      const tokens: number[][] = []
      open = open.filter((search, index) => {
        const kept = advanceSearch(search, candidates[index]!, beams, endId)
        if (isDone(search, length, maximumTokens, stopWhen)) return false
        for (const candidate of kept) {
          rows.push(candidate.row)
          tokens.push([candidate.token])
        }
        return true
      })
      if (open.length > 0 && length < maximumTokens) scorer.select(rows)
      next = tokens
      if (onStep) await onStep({ length, best: searches.map(bestSoFar) })
    }
  } finally {
    scorer.dispose()
  }
  for (const { beams, finished } of searches) {
    // What never ended is a result too, cut off at the limit.
    for (const beam of beams) if (Number.isFinite(beam.logProbability)) finished.add(beam, beam.tokens.length)
  }
  return searches.map(({ finished }) => finished.best(nBest))
}

/** Ended sequences and open beams compete by their scores, as they would if the search stopped now. */
function bestSoFar({ finished, beams }: Search): PartialHypothesis {
  const [ended] = finished.best(1)
  const beam = beams[0]
  const open = beam && { ...beam, score: finished.scoreOf(beam.logProbability, beam.tokens.length) }
  if (open && (!ended || open.score > ended.score)) return { ...open, finished: false }
  return ended
    ? { ...ended, finished: true }
    : { tokens: [], logProbability: -Infinity, score: -Infinity, finished: true }
}

/** The best continuations of each open search, best first; rows count over all open searches. */
async function bestCandidates(
  scorer: TokenScorer,
  next: readonly (readonly number[])[],
  open: readonly Search[],
  wanted: number,
): Promise<Candidate[][]> {
  const width = open[0]!.beams.length
  const vocabulary = scorer.vocabularySize
  const count = Math.min(wanted, width * vocabulary)
  using logits = scorer.advance(next)
  const best = logits.device.scoped(() => {
    const sums = open.flatMap(({ beams }) => beams.map(({ logProbability }) => logProbability))
    const soFar = logits.device.tensor(sums, { shape: [sums.length, 1] })
    const totals = add(logSoftmax(logits, { axis: -1 }), soFar)
    return topK(reshape(totals, [open.length, width * vocabulary]), { k: count, axis: -1 })
  })
  using values = best.values
  using indices = best.indices
  const [numbers, positions] = await Promise.all([values.read(), indices.read()])
  return open.map((_, index) =>
    Array.from({ length: count }, (_, rank) => {
      const at = index * count + rank
      const position = positions[at]!
      return {
        row: index * width + Math.floor(position / vocabulary),
        token: position % vocabulary,
        logProbability: numbers[at]!,
      }
    }),
  )
}

/** Moves ended candidates to the results and makes the best others the beams; returns those. */
function advanceSearch(
  search: Search,
  candidates: readonly Candidate[],
  beams: number,
  endId: number | 'none',
): Candidate[] {
  const width = search.beams.length
  const kept: Candidate[] = []
  const extended: Beam[] = []
  for (const [rank, candidate] of candidates.entries()) {
    const { tokens } = search.beams[candidate.row % width]!
    if (candidate.token === endId) {
      // An end that other continuations outrank would not have been a beam, and an impossible one is none.
      if (rank < beams && Number.isFinite(candidate.logProbability)) {
        search.finished.add({ tokens, logProbability: candidate.logProbability }, tokens.length + 1)
      }
    } else if (kept.length < beams && Number.isFinite(candidate.logProbability)) {
      kept.push(candidate)
      extended.push({ tokens: [...tokens, candidate.token], logProbability: candidate.logProbability })
    }
  }
  // A tiny vocabulary may leave too few: copies that can never win keep all searches equally wide.
  while (kept.length > 0 && kept.length < beams) {
    kept.push(kept.at(-1)!)
    extended.push({ tokens: extended.at(-1)!.tokens, logProbability: -Infinity })
  }
  search.beams = extended
  return kept
}

function isDone(
  search: Search,
  length: number,
  maximumTokens: number,
  stopWhen: 'enough' | 'certain',
): boolean {
  const { finished, beams } = search
  if (beams.length === 0) return true
  if (!finished.full) return false
  const best = beams[0]!.logProbability
  // At the limit, open beams are results as they are; before it they grow by at least one token.
  const shortest = Math.min(length + 1, maximumTokens)
  const done = stopWhen === 'enough' || !finished.couldAccept(best, shortest, maximumTokens)
  if (done) search.beams = []
  return done
}

function checkBeamOptions(options: BeamSearchOptions): void {
  checkPrompts('beamSearch', options.prompts)
  checkCount('beamSearch', 'maximumTokens', options.maximumTokens)
  checkCount('beamSearch', 'beams', options.beams)
  const { nBest = 1, beams } = options
  checkCount('beamSearch', 'nBest', nBest)
  if (nBest > beams) {
    throw new ArgumentError({
      operation: 'beamSearch',
      argument: 'nBest',
      got: `is ${nBest}`,
      expected: `at most the ${beams} beams`,
      fix: 'Search with more beams, or ask for fewer results.',
    })
  }
}
