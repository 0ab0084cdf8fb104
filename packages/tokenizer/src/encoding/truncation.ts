import type { DocumentField } from '../document/document-field.ts'
import { describe, TokenizerError } from '../errors.ts'
import { sliceEncoding, type Encoding } from './encoding.ts'

export interface TruncationOptions {
  /** Most tokens that an encoding may have, added tokens included. */
  readonly maximumLength: number
  /** Which text of a pair is cut. */
  readonly strategy?: 'longest-first' | 'only-first' | 'only-second'
  /** How many tokens a window of overflow repeats of the one before. */
  readonly stride?: number
  /** The end that is cut. */
  readonly direction?: 'right' | 'left'
}

/** Cuts one text or a pair so that, with `addedTokens` more, it fits; the rest goes to `overflowing`. */
export function truncate(
  encodings: readonly Encoding[],
  options: Required<TruncationOptions>,
  addedTokens: number,
): readonly Encoding[] {
  const { maximumLength, strategy } = options
  const room = maximumLength - addedTokens
  if (room < 0) {
    reject('maximumLength', String(maximumLength), `at least ${addedTokens}, the number of added tokens`)
  }
  const lengths = encodings.map(({ ids }) => ids.length)
  const excess = lengths.reduce((sum, length) => sum + length, 0) - room
  if (excess <= 0) return encodings
  if (strategy === 'longest-first') {
    const kept = lengths.length === 2 ? shareRoom(lengths[0]!, lengths[1]!, room) : [room]
    return encodings.map((encoding, index) => cut(encoding, kept[index]!, options))
  }
  const target = strategy === 'only-first' ? 0 : 1
  const length = lengths[target]
  if (length === undefined) reject('strategy', `'only-second'`, 'another one, since there is no second text')
  if (length <= excess) {
    reject(
      'maximumLength',
      String(maximumLength),
      `more than ${maximumLength + excess - length}, since only one text may be cut`,
    )
  }
  return encodings.map((encoding, index) =>
    index === target ? cut(encoding, length - excess, options) : encoding,
  )
}

/** The longer text gives first; when both are too long they get half each, the longer one the odd token. */
function shareRoom(first: number, second: number, room: number): readonly [number, number] {
  const shorter = Math.min(first, second)
  const half = Math.floor(room / 2)
  const [small, large] = shorter * 2 > room ? [half, room - half] : [shorter, room - shorter]
  return first > second ? [large, small] : [small, large]
}

function cut(
  encoding: Encoding,
  length: number,
  { stride, direction }: Required<TruncationOptions>,
): Encoding {
  const total = encoding.ids.length
  if (length >= total) return encoding
  if (length === 0) return { ...sliceEncoding(encoding, 0, 0), overflowing: [encoding] }
  if (stride >= length)
    reject('stride', String(stride), `less than ${length}, the tokens that are left of a text`)
  const windows: Encoding[] = []
  for (let begin = 0; ; begin += length - stride) {
    const end = Math.min(begin + length, total)
    const isRight = direction === 'right'
    windows.push(sliceEncoding(encoding, isRight ? begin : total - end, isRight ? end : total - begin))
    if (end === total) break
  }
  return { ...windows[0]!, overflowing: windows.slice(1) }
}

function reject(argument: string, got: string, expected: string): never {
  throw new TokenizerError({
    operation: 'truncate',
    argument: `'${argument}'`,
    got,
    expected,
    fix: `Give a larger 'maximumLength', or another 'strategy' or 'stride'.`,
  })
}

/** Fills in what is left out; throws for lengths that are none. */
export function completeTruncation(options: TruncationOptions): Required<TruncationOptions> {
  const { maximumLength, strategy = 'longest-first', stride = 0, direction = 'right' } = options
  for (const [argument, value] of Object.entries({ maximumLength, stride })) {
    if (!Number.isInteger(value) || value < 0)
      reject(argument, describe(value), 'a whole number that is not negative')
  }
  return { maximumLength, strategy, stride, direction }
}

const STRATEGIES = {
  LongestFirst: 'longest-first',
  OnlyFirst: 'only-first',
  OnlySecond: 'only-second',
} as const
const DIRECTIONS = { Right: 'right', Left: 'left' } as const

export function readTruncation(field: DocumentField): Required<TruncationOptions> {
  return {
    maximumLength: field.at('max_length').count(),
    strategy:
      STRATEGIES[field.at('strategy').oneOf(['LongestFirst', 'OnlyFirst', 'OnlySecond'], 'LongestFirst')],
    stride: field.at('stride').count(0),
    direction: DIRECTIONS[field.at('direction').oneOf(['Right', 'Left'], 'Right')],
  }
}

export function writeTruncation(options: Required<TruncationOptions>): Record<string, unknown> {
  return {
    direction: nameOf(DIRECTIONS, options.direction),
    max_length: options.maximumLength,
    strategy: nameOf(STRATEGIES, options.strategy),
    stride: options.stride,
  }
}

function nameOf(names: Readonly<Record<string, string>>, value: string): string {
  return Object.keys(names).find((name) => names[name] === value)!
}
