import { ArgumentError } from '@qkv/tensor'
import { checkOptions, numberAbove } from '../../check-options.ts'
import {
  checkLengths,
  factorOf,
  lengthKinds,
  type OriginalLength,
  originalLengthOf,
  plainFrequencies,
  type RotaryModel,
  type Scaling,
} from './scaling.ts'

/** Each pair is slowed down by a factor of its own, which was searched for. */
export interface LongropeScaling extends OriginalLength {
  /** One factor per pair, where the model's maximum length is above `originalLength`; all `factor` unless said. */
  readonly longFactors?: readonly number[]
  /** One factor per pair for models that are not longer; all 1 unless said. */
  readonly shortFactors?: readonly number[]
  /** Multiplies queries and keys; `√(1 + ln(factor) / ln(originalLength))` unless said. */
  readonly attentionFactor?: number
}

/** Ding et al. 2024 (arXiv 2402.13753), section 3, with the attention factor of Phi-3. */
export const longrope: Scaling<LongropeScaling> = {
  kinds: {
    ...lengthKinds,
    longFactors: ['numbers'],
    shortFactors: ['numbers'],
    attentionFactor: ['number'],
  },
  check(part, options) {
    const { longFactors = [], shortFactors = [], attentionFactor } = options
    checkLengths(part, options)
    checkOptions(part, { attentionFactor }, numberAbove(0))
    for (const [name, factors] of Object.entries({ longFactors, shortFactors })) {
      const named = factors.map((factor, pair) => [`${name}[${pair}]`, factor] as const)
      checkOptions(part, Object.fromEntries(named), numberAbove(0))
    }
  },
  frequencies(part, options, model) {
    const factor = factorOf(options)
    const original = originalLengthOf(options, model)
    const name = model.maximumLength > original ? 'longFactors' : 'shortFactors'
    const factors = options[name]
    if (factors) checkCount(part, name, factors, model)
    const otherwise = name === 'longFactors' ? factor : 1
    return {
      frequencies: plainFrequencies(model).map(
        (frequency, pair) => frequency / (factors?.[pair] ?? otherwise),
      ),
      attentionFactor: options.attentionFactor ?? attentionFactorOf(factor, original),
    }
  },
}

function attentionFactorOf(factor: number, original: number): number {
  return factor > 1 && original > 1 ? Math.sqrt(1 + Math.log(factor) / Math.log(original)) : 1
}

function checkCount(part: string, argument: string, factors: readonly number[], model: RotaryModel): void {
  if (factors.length === model.rotarySize / 2) return
  throw new ArgumentError({
    operation: part,
    argument,
    got: `has ${factors.length} factors`,
    expected: `${model.rotarySize / 2}, one for each two of the ${model.rotarySize} columns that turn`,
    fix: 'Take those that were searched for this head size.',
  })
}
