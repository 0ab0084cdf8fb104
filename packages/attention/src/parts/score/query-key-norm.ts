import { constant, ones } from '@qkv/nn'
import { layerNorm, mul, rmsNorm, type Tensor } from '@qkv/tensor'
import { checkChoice, checkOptions, finite } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'
import { unitRows } from '../../scores/unit-rows.ts'

const norms = ['l2', 'layer', 'rms'] as const

export interface QueryKeyNormOptions {
  /**
   * `l2`: vectors of length 1 and one trained scale; `layer`: mean 0 and variance 1, `rms`: mean square 1, each with a
   * trained weight per column, without a bias. `l2` unless said.
   */
  readonly norm?: (typeof norms)[number]
  /** What the scale of `l2` starts from; 14 unless said: the paper's log2(L² - L) for texts of 128 tokens. */
  readonly scale?: number
}

/**
 * Normalises each head's queries and keys, so that scores cannot grow without bound and training stays stable. It goes with
 * `scaled-dot`, whose 1 / √d the scale of `l2` makes up for; put it before `rope`.
 *
 * @example
 * compose([scaledDot(), queryKeyNorm({ norm: 'rms' }), rope(), causal()])
 */
export function queryKeyNorm(options: QueryKeyNormOptions = {}): AttentionPart {
  const { norm = 'l2', scale = 14 } = options
  checkChoice('query-key-norm', { norm }, norms)
  checkOptions('query-key-norm', { scale }, finite)
  const weight: ParameterDeclaration = {
    owner: 'attention',
    shape: ({ headSize }) => [headSize],
    initializer: ones(),
  }
  return {
    name: 'query-key-norm',
    source:
      'l2: Henry et al. 2020, Query-Key Normalization for Transformers (arXiv 2010.04245); layer: Dehghani et al. 2023, ' +
      'Scaling Vision Transformers to 22 Billion Parameters (arXiv 2302.05442); rms: Gemma Team 2025, Gemma 3 Technical Report, section 2 (arXiv 2503.19786)',
    about: {
      year: 2020,
      formula: 'l2: S = g q·k / (|q| |k|); layer, rms: S = norm(q)·norm(k) / √d',
      use: 'Stable training of large models and at high learning rates.',
    },
    options,
    parameters:
      norm === 'l2'
        ? { scale: { owner: 'attention', shape: () => [1], initializer: constant(scale) } }
        : { queryWeight: weight, keyWeight: weight },
    queryKey(context, query, key) {
      if (norm !== 'l2') {
        const normalize = norm === 'layer' ? layerNorm : rmsNorm
        return {
          query: normalize(query, { weight: context.parameter('queryWeight') }),
          key: normalize(key, { weight: context.parameter('keyWeight') }),
        }
      }
      return { query: mul(unitRows(query), unscaled(context, query)), key: unitRows(key) }
    },
  }
}

/** The trained scale times the √d that `scaled-dot` divides by. */
function unscaled(context: AttentionContext, query: Tensor): Tensor {
  return mul(context.parameter('scale'), Math.sqrt(query.shape[3]!))
}
