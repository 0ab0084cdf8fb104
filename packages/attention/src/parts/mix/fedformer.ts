import { normal } from '@qkv/nn'
import {
  add,
  equal,
  lessEqual,
  logicalOr,
  matmul,
  mul,
  neg,
  reshape,
  squeeze,
  sub,
  type Tensor,
  transpose,
  unsqueeze,
  where,
} from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import { turnsOf } from '../../mixers/turns.ts'
import { checkPositions } from '../../positions/check-positions.ts'
import type { AttentionPart, ParameterDeclaration, PartSizes } from '../../part.ts'
import { seededOrder } from '../../seeded.ts'

export interface FedformerOptions {
  /** How many frequencies are kept; 64 unless said, or all up to half the maximum length where there are fewer. */
  readonly modes?: number
  /** What the frequencies are drawn by; 0 unless said. */
  readonly seed?: number
}

/**
 * A Fourier block in place of self-attention: a fixed random set of frequencies of the queries goes through a trained complex
 * matrix per head and frequency, and back to the same frequency (the published code puts the results at the lowest ones); all others are
 * dropped. Linear in the length. Frequencies are whole turns over
 * the sequence; a sequence of `n` positions has those up to `n / 2`. Keys and values are not read.
 *
 * @example
 * compose([fedformer({ modes: 32 })])
 */
export function fedformer(options: FedformerOptions = {}): AttentionPart {
  const { modes = 64, seed = 0 } = options
  checkOptions('fedformer', { modes }, wholeFrom(1))
  checkOptions('fedformer', { seed }, wholeFrom(0))
  const count = ({ maximumLength }: PartSizes): number => Math.min(modes, Math.floor(maximumLength / 2) + 1)
  const matrices: ParameterDeclaration = {
    owner: 'attention',
    shape: (sizes) => [sizes.heads, count(sizes), sizes.headSize, sizes.headSize],
    initializer: (init, shape) => normal({ standardDeviation: (2 * shape.at(-1)!) ** -0.5 })(init, shape),
  }
  return {
    name: 'fedformer',
    source:
      'Zhou et al. 2022, FEDformer: Frequency Enhanced Decomposed Transformer for Long-term Series Forecasting, section 3.2 ' +
      '(arXiv 2201.12740)',
    about: {
      year: 2022,
      formula: 'o = F^-1(pad(select(F(q)) R)), R a complex matrix per frequency',
      use: 'Forecasts of time series with seasons.',
    },
    options,
    cacheable: false,
    selfOnly: 'it reads one sequence, and no keys',
    excludes: {
      causal: 'each frequency is a sum over all positions',
      padding: 'each frequency is a sum over all positions, and depends on their number',
    },
    parameters: { real: matrices, imaginary: matrices },
    buffers: {
      frequencies: {
        owner: 'attention',
        persistent: false,
        create(sizes) {
          const order = seededOrder(Math.floor(sizes.maximumLength / 2) + 1, seed)
          return {
            shape: [count(sizes)],
            data: Float32Array.from(order.slice(0, count(sizes)).toSorted((a, b) => a - b)),
          }
        },
      },
    },
    mix(context, query) {
      const { device, maximumLength } = context
      const length = query.shape[2]!
      checkPositions('fedformer', 'query', { start: 0, length, maximumLength })
      const frequencies = context.buffer('frequencies')
      const columns = frequencies.shape[0]!
      const { cosines, sines } = turnsOf(device, { rows: length, columns, period: length, frequencies })
      // F(q) = Σ q exp(-i angle), [batch, heads, modes, headSize]
      const real = matmul(transpose(cosines), query)
      const imaginary = neg(matmul(transpose(sines), query))
      const byReal = (x: Tensor): Tensor => perMode(x, context.parameter('real'))
      const byImaginary = (x: Tensor): Tensor => perMode(x, context.parameter('imaginary'))
      const shares = reshape(sharesOf(frequencies, length), [columns, 1])
      const mixedReal = mul(sub(byReal(real), byImaginary(imaginary)), shares)
      const mixedImaginary = mul(add(byImaginary(real), byReal(imaginary)), shares)
      return sub(matmul(cosines, mixedReal), matmul(sines, mixedImaginary))
    },
  }
}

/** `[batch, heads, modes, size]` times a matrix per head and mode. */
function perMode(x: Tensor, matrices: Tensor): Tensor {
  return squeeze(matmul(unsqueeze(x, { axis: 3 }), matrices), { axis: 3 })
}

/** What a frequency counts on the way back: it stands for its negative too, unless they are one; those that the length lacks count nothing. */
function sharesOf(frequencies: Tensor, length: number): Tensor {
  const alone = logicalOr(equal(frequencies, 0), equal(frequencies, length / 2))
  const shares = where(alone, 1 / length, 2 / length)
  return where(lessEqual(frequencies, length / 2), shares, 0)
}
