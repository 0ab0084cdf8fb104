import { exp, matmul, max, maximum, mul, square, sub, sum, type Tensor, transpose } from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { featureAttention } from '../../mixers/feature-attention.ts'
import { orthogonalRows } from '../../mixers/orthogonal-rows.ts'
import type { AttentionPart } from '../../part.ts'

export interface PerformerOptions {
  /** How many random features each head has; `headSize * ln(headSize)` unless said. More approximate the softmax better. */
  readonly features?: number
  /** What the random features are drawn by; 0 unless said. */
  readonly seed?: number
}

/** Features of keys reach up to the exponential of half the squared length of a random row; this keeps their sums in float32. */
const largestExponent = 40

/**
 * Softmax attention by positive orthogonal random features (FAVOR+), in time that is linear in the length: on average over
 * the random rows `w`, the product of features `exp(w·x - |x|² / 2)` is the exponential of the score. With `causal` it is
 * a recurrence with a state of one size. The rows are the same for all heads and do not change while training.
 *
 * @example
 * compose([performer({ features: 256 }), causal(), padding()])
 */
export function performer(options: PerformerOptions = {}): AttentionPart {
  const { features, seed = 0 } = options
  checkOptions('performer', { features }, wholeFrom(1))
  checkOptions('performer', { seed }, wholeFrom(0))
  return {
    name: 'performer',
    source:
      'Choromanski et al. 2020, Rethinking Attention with Performers, sections 2.3 and 2.4 (arXiv 2009.14794)',
    about: {
      year: 2020,
      formula:
        'o = Σ (f(q)·f(k)) v / Σ f(q)·f(k), f(x) = exp(w·y - |y|² / 2), y = x / d^(1/4), w random and orthogonal',
      use: 'Long texts with about the weights of a softmax, and generation whose time and memory per token do not grow.',
    },
    options,
    obeys: ['causal', 'padding'],
    countsOn: ['keyColumns'],
    buffers: {
      projection: {
        owner: 'attention',
        persistent: false,
        create({ headSize }) {
          const count = features ?? Math.max(1, Math.floor(headSize * Math.log(headSize)))
          return { shape: [count, headSize], data: orthogonalRows(count, headSize, seed) }
        },
      },
    },
    ...featureAttention({ query: queryFeatures, key: keyFeatures }, 0),
  }
}

/** A factor that all features of a query share cancels out. */
function queryFeatures(query: Tensor, context: AttentionContext): Tensor {
  const exponents = exponentsOf(query, context.buffer('projection'))
  return exp(sub(exponents, max(exponents, { axis: -1, keepAxes: true })))
}

/** A factor that all keys share cancels out; it must not come from the keys, of which some may be later ones. */
function keyFeatures(key: Tensor, context: AttentionContext): Tensor {
  const projection = context.buffer('projection')
  const reach = mul(max(sum(square(projection), { axis: -1 })), 0.5)
  return exp(sub(exponentsOf(key, projection), maximum(sub(reach, largestExponent), 0)))
}

function exponentsOf(x: Tensor, projection: Tensor): Tensor {
  const scaled = mul(x, x.shape[3]! ** -0.25)
  const half = mul(sum(square(scaled), { axis: -1, keepAxes: true }), 0.5)
  return sub(matmul(scaled, transpose(projection)), half)
}
