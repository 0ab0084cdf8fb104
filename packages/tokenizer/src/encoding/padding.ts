import type { DocumentField } from '../document/document-field.ts'
import { describe, TokenizerError } from '../errors.ts'
import { concatenate, repeatToken, type Encoding } from './encoding.ts'

export interface PaddingOptions {
  /** Length to fill up to; the longest encoding of the batch where left out. */
  readonly length?: number
  /** Round the length up to a multiple of this. */
  readonly multipleOf?: number
  /** The side that is filled. */
  readonly direction?: 'right' | 'left'
  /** The token to fill with; by default the one that the tokenizer's document names, else `<pad>` or `[PAD]`. */
  readonly token?: string
  readonly typeId?: number
}

/** Padding with its token looked up. */
export interface ResolvedPadding extends Required<Omit<PaddingOptions, 'length'>> {
  readonly length: number | undefined
  readonly tokenId: number
}

/** Fills encodings up to one length; longer ones stay as they are. */
export function pad(encodings: readonly Encoding[], padding: ResolvedPadding): readonly Encoding[] {
  const longest = encodings.reduce((most, { ids }) => Math.max(most, ids.length), 0)
  const length = Math.ceil((padding.length ?? longest) / padding.multipleOf) * padding.multipleOf
  return encodings.map((encoding) => padTo(encoding, length, padding))
}

function padTo(encoding: Encoding, length: number, padding: ResolvedPadding): Encoding {
  const missing = length - encoding.ids.length
  const overflowing = encoding.overflowing.map((window) => padTo(window, length, padding))
  if (missing <= 0) return { ...encoding, overflowing }
  const { tokenId: id, token, typeId, direction } = padding
  const filling = repeatToken({ id, token, typeId, attention: 0 }, missing)
  const filled = concatenate(direction === 'right' ? [encoding, filling] : [filling, encoding])
  return { ...filled, overflowing }
}

const USUAL_TOKENS = ['<pad>', '[PAD]']

/** Fills in what is left out and looks the token up; throws where the tokenizer has no such token. */
export function resolvePadding(
  options: PaddingOptions,
  idOf: (token: string) => number | undefined,
): ResolvedPadding {
  const { length, multipleOf = 1, direction = 'right', typeId = 0 } = options
  for (const [argument, value] of Object.entries({
    length: length ?? 0,
    multipleOf: multipleOf - 1,
    typeId,
  })) {
    if (!Number.isInteger(value) || value < 0) {
      reject(
        `'${argument}'`,
        describe(options[argument as 'length']),
        'a whole number in range',
        'Give a token count.',
      )
    }
  }
  const token = options.token ?? USUAL_TOKENS.find((usual) => idOf(usual) !== undefined)
  const tokenId = token === undefined ? undefined : idOf(token)
  if (token === undefined || tokenId === undefined) {
    reject(
      'the padding token',
      token === undefined ? 'not named' : describe(token),
      'a token of the vocabulary',
      `Name one with { padding: { token: '...' } }, or train with '<pad>' among the special tokens.`,
    )
  }
  return { length, multipleOf, direction, token, tokenId, typeId }
}

function reject(argument: string, got: string, expected: string, fix: string): never {
  throw new TokenizerError({ operation: 'pad', argument, got, expected, fix })
}

export function readPadding(field: DocumentField): PaddingOptions {
  const strategy = field.at('strategy')
  const multipleOf = field.at('pad_to_multiple_of')
  return {
    ...(strategy.value === 'BatchLongest' ? {} : { length: strategy.at('Fixed').count() }),
    ...(multipleOf.isAbsent ? {} : { multipleOf: multipleOf.count() }),
    direction: field.at('direction').oneOf(['Right', 'Left'], 'Right') === 'Right' ? 'right' : 'left',
    token: field.at('pad_token').string(),
    typeId: field.at('pad_type_id').count(0),
  }
}

export function writePadding(padding: ResolvedPadding): Record<string, unknown> {
  return {
    strategy: padding.length === undefined ? 'BatchLongest' : { Fixed: padding.length },
    direction: padding.direction === 'right' ? 'Right' : 'Left',
    pad_to_multiple_of: padding.multipleOf === 1 ? null : padding.multipleOf,
    pad_id: padding.tokenId,
    pad_type_id: padding.typeId,
    pad_token: padding.token,
  }
}
