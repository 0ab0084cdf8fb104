import { constant } from '@qkv/nn'
import { add, ArgumentError, mul, slice, type Tensor } from '@qkv/tensor'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'

/**
 * Adds to the values of a layer those of the first layer, each times a trained number, 0.5 at first. The side input
 * `firstValues` holds the first layer's values, which broadcast to `[batch, keyHeads, key, headSize]`; in the first layer itself it is
 * `'none'`, and values stay as they are. With a cache, bring the rows of the positions that the call brings, or of all.
 *
 * Nothing passes these values on by itself, and the library's own models do not: take them in the first layer's call from the site
 * `value` of `tap`, retain them, give them to the calls of the other layers, and dispose of them. Gradients pass through them.
 * A call with a `tap` runs stage by stage, the others as one fused operation.
 *
 * @example
 * let firstValues: Tensor | 'none' = 'none'
 * const tap: Tap = (site, tensor) => (site === 'value' ? (firstValues = device.retain(tensor)) : tensor)
 * const hidden = first.forward(x, x, { mask: noMask, side: { firstValues }, cache: 'none', tap })
 * second.forward(hidden, hidden, { mask: noMask, side: { firstValues }, cache: 'none' })
 */
export function valueResidual(): AttentionPart {
  const share: ParameterDeclaration = {
    owner: 'attention',
    shape: () => [],
    initializer: constant(0.5),
  }
  return {
    name: 'value-residual',
    source: 'Zhou et al. 2024, Value Residual Learning, ResFormer with trained factors (arXiv 2410.17897)',
    about: {
      year: 2024,
      formula: 'v ← a v_first + b v',
      use: 'Deep models, whose later layers lose what each token was; it costs two numbers per layer.',
    },
    sideInputs: ['firstValues'],
    sampleSide: ({ batch, length }) => ({
      firstValues: {
        shape: [batch, 1, length, 1],
        values: Array.from({ length: batch * length }, (_, row) =>
          Math.sin(1 + 7 * Math.floor(row / length) + (row % length)),
        ),
      },
    }),
    parameters: { first: share, own: share },
    queryKey(context, query, key, value) {
      const first = context.sideInput('firstValues')
      if (!first) return { query, key }
      const shares = [context.parameter('first'), context.parameter('own')] as const
      const residual = mul(lastRows(first, value.shape[2]!), shares[0])
      return { query, key, value: add(residual, mul(value, shares[1])) }
    },
  }
}

/** The rows of the positions that a call brings: earlier ones are cached. */
function lastRows(first: Tensor, size: number): Tensor {
  const seen = first.shape.at(-2) ?? 0
  if (first.rank !== 4 || seen < size) throw shapeError(first, size)
  return slice(first, [{}, {}, { start: seen - size, size }])
}

function shapeError(first: Tensor, size: number): ArgumentError {
  return new ArgumentError({
    operation: 'value-residual',
    argument: 'side.firstValues',
    got: `has shape [${first.shape.join(', ')}]`,
    expected: `[batch, keyHeads, key, headSize] with a row for each of the ${size} keys of the call`,
    fix: "Give what the first layer's `tap` saw at the site 'value' for the same inputs.",
  })
}
