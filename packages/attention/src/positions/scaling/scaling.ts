import type { OptionKind } from '../../check-option-kinds.ts'
import { checkOptions, numberAbove, numberFrom } from '../../check-options.ts'

/** What the frequencies of rotary positions are made from. */
export interface RotaryModel {
  /** How many columns turn: two for each frequency. */
  readonly rotarySize: number
  readonly base: number
  /** Longest sequence that the model takes. */
  readonly maximumLength: number
}

/** Frequencies in radians per position `[rotarySize / 2]`, and what queries and keys are multiplied by. */
export interface ScaledFrequencies {
  readonly frequencies: Float64Array
  readonly attentionFactor: number
}

/** What all ways to lengthen a context ask for. */
export interface LengthFactor {
  /** How many times longer sequences are than those of training; 2 unless said. */
  readonly factor?: number
}

/** Ways that look at the length of training. */
export interface OriginalLength extends LengthFactor {
  /** The longest sequence of training, in positions; the model's maximum length over `factor` unless said. */
  readonly originalLength?: number
}

/** One way to change the frequencies: a file of this folder. */
export interface Scaling<Options> {
  /** What each option may be. */
  readonly kinds: Readonly<Record<keyof Options & string, readonly OptionKind[]>>
  /** Throws an `ArgumentError` in the name of the part for options that mean nothing. */
  check(part: string, options: Options): void
  /** Of sequences of `length` positions, which only some ways look at. */
  frequencies(part: string, options: Options, model: RotaryModel, length: number): ScaledFrequencies
}

/** `base^(-2i / rotarySize)`, the frequencies of training. */
export function plainFrequencies({
  rotarySize,
  base,
}: Pick<RotaryModel, 'rotarySize' | 'base'>): Float64Array {
  const pairs = rotarySize / 2
  return Float64Array.from({ length: pairs }, (_, pair) => base ** (-pair / pairs))
}

export function factorOf({ factor = 2 }: LengthFactor): number {
  return factor
}

export function originalLengthOf(options: OriginalLength, { maximumLength }: RotaryModel): number {
  return options.originalLength ?? maximumLength / factorOf(options)
}

/** Of the options that `checkLengths` checks. */
export const lengthKinds = { factor: ['number'], originalLength: ['number'] } as const

export function checkLengths(part: string, { factor, originalLength }: OriginalLength): void {
  checkOptions(part, { factor }, numberFrom(1))
  checkOptions(part, { originalLength }, numberAbove(0))
}
