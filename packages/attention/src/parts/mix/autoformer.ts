import { add, less, mul, oneHot, repeatKeyHeads, reshape, sub, sum, type Tensor, topK } from '@qkv/tensor'
import { maskedSoftmax } from '../../attend.ts'
import { checkOptions, numberAbove } from '../../check-options.ts'
import { firstRows } from '../../mixers/features.ts'
import { fourier, realOfInverse, type Spectrum } from '../../mixers/fourier.ts'
import type { AttentionPart } from '../../part.ts'

export interface AutoformerOptions {
  /** `c` of the `⌊c ln(length)⌋` delays that are taken, 3 unless said; the paper takes 1 to 3. At least one delay is taken. */
  readonly factor?: number
}

/**
 * Auto-correlation in place of attention: how well queries fit the keys of a delay, added up over all positions, says how much
 * the values of that delay count, for all positions alike. Only the delays that fit best are taken, by each head for itself (the
 * published code takes the same for all heads, by their mean, and while training for the whole batch). Positions wrap around. Keys and values
 * that are fewer than the queries are filled up with zeros, as in the published code; more are cut off.
 * Correlations are made by Fourier transforms, fast where the length is a product of small numbers.
 *
 * @example
 * compose([autoformer({ factor: 1 })])
 */
export function autoformer(options: AutoformerOptions = {}): AttentionPart {
  const { factor = 3 } = options
  checkOptions('autoformer', { factor }, numberAbove(0))
  return {
    name: 'autoformer',
    source:
      'Wu et al. 2021, Autoformer: Decomposition Transformers with Auto-Correlation for Long-Term Series Forecasting, section 3.2 ' +
      '(arXiv 2106.13008)',
    about: {
      year: 2021,
      formula:
        'R(τ) = Σ_t q_t·k_(t - τ) / d, o_t = Σ_τ softmax(R)(τ) v_(t + τ) over the ⌊c ln n⌋ delays τ of largest R',
      use: 'Forecasts of time series with periods.',
    },
    options,
    cacheable: false,
    excludes: {
      causal: 'correlations are sums over all positions, and delays wrap around',
      padding: 'delays wrap around at the end of the sequence, filled-up positions included',
    },
    mix(_, query, key, value) {
      const [batch, heads, length, size] = query.shape as [number, number, number, number]
      const spectrumOf = (x: Tensor): Spectrum =>
        fourier({ real: reshape(firstRows(repeatKeyHeads(x, heads), length), [batch * heads, length, -1]) })
      const fits = reshape(
        mul(correlation(spectrumOf(query), spectrumOf(key), 'of columns together'), 1 / size),
        [batch, heads, length],
      )
      const count = Math.min(length, Math.max(1, Math.floor(factor * Math.log(length))))
      const { indices } = topK(fits, { k: count })
      const chosen = less(0.5, sum(oneHot(indices, { classes: length }), { axis: 2 }))
      const shares = fourier({ real: reshape(maskedSoftmax(fits, chosen), [batch * heads, length, 1]) })
      return reshape(correlation(spectrumOf(value), shares, 'of each column'), [batch, heads, length, -1])
    },
  }
}

/** `[batch, length, width or 1]`: for each delay `τ` the products of `a_(t + τ)` and `b_t`, added up over `t`, from their transforms. */
function correlation(a: Spectrum, b: Spectrum, columns: 'of each column' | 'of columns together'): Tensor {
  const total = (x: Tensor): Tensor =>
    columns === 'of columns together' ? sum(x, { axis: -1, keepAxes: true }) : x
  return realOfInverse({
    real: total(add(mul(a.real, b.real), mul(a.imaginary, b.imaginary))),
    imaginary: total(sub(mul(a.imaginary, b.real), mul(a.real, b.imaginary))),
  })
}
