import type { TokenScorer } from '@qkv/nn'
import { argmax } from '@qkv/tensor'
import { checkCount, checkPrompts } from './check-options.ts'
import type { SearchOptions } from './search-options.ts'

/**
 * Takes the most probable token at each step. Returns the generated tokens of each prompt, without the prompt and
 * the end token; disposes the scorer.
 *
 * @example
 * const [translation] = await greedySearch(model.startDecoding([source]), { prompts: [[beginId]], endId, maximumTokens: 64 })
 */
export async function greedySearch(scorer: TokenScorer, options: SearchOptions): Promise<number[][]> {
  const { prompts, endId, maximumTokens, signal } = options
  const results: number[][] = prompts.map(() => [])
  let open = prompts.map((_, index) => index)
  let next: readonly (readonly number[])[] = prompts
  try {
    checkPrompts('greedySearch', prompts)
    checkCount('greedySearch', 'maximumTokens', maximumTokens)
    for (let step = 0; step < maximumTokens && open.length > 0 && !signal?.aborted; step++) {
      const tokens = await bestTokens(scorer, next)
      const going = tokens.flatMap((token, row) => (token === endId ? [] : [row]))
      for (const row of going) results[open[row]!]!.push(tokens[row]!)
      if (going.length < open.length && going.length > 0) scorer.select(going)
      next = going.map((row) => [tokens[row]!])
      open = going.map((row) => open[row]!)
    }
  } finally {
    scorer.dispose()
  }
  return results
}

async function bestTokens(scorer: TokenScorer, tokens: readonly (readonly number[])[]): Promise<number[]> {
  using logits = scorer.advance(tokens)
  using best = argmax(logits, { axis: -1 })
  return Array.from(await best.read())
}
