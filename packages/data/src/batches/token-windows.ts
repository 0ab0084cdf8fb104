import { checkWholeNumber } from '../check-settings.ts'
import { DataError } from '../data-error.ts'
import { createRandomGenerator } from '../random/random-generator.ts'
import { shuffle } from '../random/shuffle.ts'
import { checkTokenIds } from './check-token-ids.ts'
import { createBatchSource } from './position.ts'
import type { BatchSource } from './position.ts'

/** Settings of {@link createTokenWindows}. */
export interface TokenWindowOptions {
  /** The number of tokens that the model sees at once. */
  readonly length: number
  /** The number of windows in a batch; the last batch of an epoch may have fewer. */
  readonly windowsPerBatch: number
  /** A whole number of at least 0, or `'in-order'`: the same windows each epoch from the start of the text, for evaluation. */
  readonly seed: number | 'in-order'
}

/** Windows of a text, and for each token the one after it. */
export interface WindowBatch {
  /** Token ids, row after row; axes `[batch, length]`. */
  readonly inputs: Int32Array
  /** For each input the token that follows it in the text; axes `[batch, length]`. */
  readonly targets: Int32Array
  readonly shape: readonly [batch: number, length: number]
}

/** Batches of windows, and how many tokens no window of an epoch predicts. */
export interface TokenWindows extends BatchSource<WindowBatch> {
  readonly windowsPerEpoch: number
  readonly tokensLeftOut: number
}

/**
 * Cuts a long text's token ids into windows of equal length for a language model, without overlap.
 *
 * With a seed, each epoch starts at another random token, so that the cuts move, and shuffles the windows; that costs up to two
 * windows' tokens per epoch, given as `tokensLeftOut`. In order, only the text's last tokens that fill no window are left out.
 * Throws a DataError for a text too short for one window, an id that is no token id, and a bad setting.
 *
 * @example
 * const windows = createTokenWindows(tokenizer.encode(text).ids, { length: 128, windowsPerBatch: 16, seed: 1 })
 * for (const { inputs, targets, next } of windows.batches()) step(inputs, targets)
 */
export function createTokenWindows(
  ids: ArrayLike<number>,
  { length, windowsPerBatch, seed }: TokenWindowOptions,
): TokenWindows {
  const operation = 'createTokenWindows'
  checkWholeNumber(operation, 'length', length, { minimum: 1 })
  checkWholeNumber(operation, 'windowsPerBatch', windowsPerBatch, { minimum: 1 })
  if (seed !== 'in-order') checkWholeNumber(operation, 'seed', seed, { minimum: 0 })
  if (ids.length <= length) throw tooShortError(operation, ids.length, length)
  checkTokenIds(operation, 'ids', ids)

  const tokens = Int32Array.from(ids)
  // The first token is predicted by nothing.
  const predicted = tokens.length - 1
  const windowsPerEpoch =
    seed === 'in-order'
      ? Math.floor(predicted / length)
      : Math.max(1, Math.floor((predicted + 1) / length) - 1)
  const slack = predicted - windowsPerEpoch * length

  const planEpoch = (epoch: number): ((batch: number) => WindowBatch) => {
    const inOrder = Array.from({ length: windowsPerEpoch }, (_, window) => window * length)
    const random = seed === 'in-order' ? undefined : createRandomGenerator(seed, epoch)
    const offset = random?.below(slack + 1) ?? 0
    const starts = random === undefined ? inOrder : shuffle(inOrder, random)
    return (batch) => {
      const rows = starts.slice(batch * windowsPerBatch, (batch + 1) * windowsPerBatch)
      return cutWindows(
        tokens,
        rows.map((start) => start + offset),
        length,
      )
    }
  }
  return {
    ...createBatchSource(operation, Math.ceil(windowsPerEpoch / windowsPerBatch), planEpoch),
    windowsPerEpoch,
    tokensLeftOut: slack,
  }
}

function cutWindows(tokens: Int32Array, starts: readonly number[], length: number): WindowBatch {
  const inputs = new Int32Array(starts.length * length)
  const targets = new Int32Array(starts.length * length)
  for (const [row, start] of starts.entries()) {
    inputs.set(tokens.subarray(start, start + length), row * length)
    targets.set(tokens.subarray(start + 1, start + length + 1), row * length)
  }
  return { inputs, targets, shape: [starts.length, length] }
}

function tooShortError(operation: string, tokens: number, length: number): DataError {
  return new DataError({
    operation,
    argument: 'ids',
    got: `has ${tokens} tokens`,
    expected: `at least ${length + 1}: one window of ${length} and the token after it`,
    fix: `give a longer text, or a 'length' below ${tokens}`,
  })
}
