import {
  add,
  type Device,
  gather,
  iota,
  less,
  matmul,
  mul,
  oneHot,
  repeatKeyHeads,
  reshape,
  sub,
  sum,
  type Tensor,
  topK,
  transpose,
  where,
} from '@qkv/tensor'
import { maskedSoftmax } from '../../attend.ts'
import { checkOptions, numberAbove } from '../../check-options.ts'
import { firstRows } from '../../mixers/features.ts'
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
 *
 * Correlations are made from all products of queries and keys: memory grows with the square of the length, unlike the paper's fast
 * Fourier transform.
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
      const [, heads, length] = query.shape as [number, number, number]
      const rows = (x: Tensor): Tensor => firstRows(repeatKeyHeads(x, heads), length)
      const fits = correlations(query, rows(key))
      const count = Math.min(length, Math.max(1, Math.floor(factor * Math.log(length))))
      const { indices } = topK(fits, { k: count })
      const chosen = less(0.5, sum(oneHot(indices, { classes: length }), { axis: 2 }))
      const shares = maskedSoftmax(fits, chosen)
      // Row t has the share of delay τ at t + τ: one product rolls by all delays.
      return matmul(gather(shares, delaysOf(query.device, length), { axis: 2 }), rows(value))
    },
  }
}

/** For each delay the products of queries and keys that lie it before them, added up, mean over columns: `[batch, heads, delay]`. */
function correlations(query: Tensor, key: Tensor): Tensor {
  const [batch, heads, length, size] = query.shape as [number, number, number, number]
  const products = reshape(matmul(query, transpose(key)), [batch, heads, length * length])
  // Row τ, column t: the product of query t and key t - τ.
  const places = add(
    mul(iota(query.device, [1, length], { axis: 1 }), length),
    delaysOf(query.device, length),
  )
  return mul(sum(gather(products, places, { axis: 2 }), { axis: -1 }), 1 / size)
}

/** `int32` `[row, column]`: how far each column lies after each row, around the end. */
function delaysOf(device: Device, length: number): Tensor {
  const ahead = sub(iota(device, [1, length], { axis: 1 }), iota(device, [length, 1], { axis: 0 }))
  return where(less(ahead, 0), add(ahead, length), ahead)
}
