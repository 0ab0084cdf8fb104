import { ArgumentError, matmul, neg, repeatKeyHeads, type Tensor } from '@qkv/tensor'
import { joinHeads, splitHeads } from '../../heads.ts'
import { fourier } from '../../mixers/fourier.ts'
import { turnsOf } from '../../mixers/turns.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart } from '../../part.ts'

/**
 * No attention at all: the real part of the Fourier transform over the columns and the positions of the layer's input. Nothing is
 * projected, so that no parameters are left but those of the attention's output; over projections that exist already it
 * transforms the values of all heads, side by side. Without a scale; fast where the length is a product of small numbers.
 *
 * @example
 * compose([fnet()])
 */
export function fnet(): AttentionPart {
  return {
    name: 'fnet',
    source: 'Lee-Thorp et al. 2021, FNet: Mixing Tokens with Fourier Transforms (arXiv 2105.03824)',
    about: {
      year: 2021,
      formula: 'o = Re F_positions(F_columns(x))',
      use: 'Inputs of one length that are read at once, where speed counts more than quality.',
    },
    cacheable: false,
    selfOnly: 'it mixes the positions of one sequence',
    excludes: {
      causal: 'the transform adds up all positions',
      padding: 'the transform adds up all positions, and depends on their number',
    },
    project(context, _, keyInput) {
      const rows = splitHeads(checkedInput(context, keyInput), context.heads)
      return { query: rows, key: rows, value: rows }
    },
    mix(context, query, _, value) {
      const { device } = context
      const heads = query.shape[1]!
      const input = joinHeads(repeatKeyHeads(value, heads))
      const width = input.shape[2]!
      const { cosines, sines } = turnsOf(device, { rows: width, columns: width, period: width })
      const inColumns = { real: matmul(input, cosines), imaginary: neg(matmul(input, sines)) }
      return splitHeads(fourier(inColumns).real, heads)
    },
  }
}

function checkedInput({ heads, headSize }: AttentionContext, input: Tensor): Tensor {
  const width = input.shape[2]!
  if (width === heads * headSize) return input
  throw new ArgumentError({
    operation: 'fnet',
    argument: 'headSize',
    got: `is ${headSize} with ${heads} heads and an input of width ${width}`,
    expected: 'heads that hold the columns of the input: it is not projected',
    fix: 'Leave `headSize` out, or choose it as width / heads.',
  })
}
