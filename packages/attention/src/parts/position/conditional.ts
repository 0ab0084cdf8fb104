import { uniform, zeros } from '@qkv/nn'
import { add, concat, conv2d, pad, reshape, slice, type Tensor, transpose } from '@qkv/tensor'
import { checkOptions, odd, wholeFrom } from '../../check-options.ts'
import type { EmbedContext } from '../../context.ts'
import type { AttentionPart } from '../../part.ts'
import { checkGrid, checkGridPositions, type GridOptions, gridOf } from '../../positions/grid.ts'

export interface ConditionalOptions extends GridOptions {
  /** Rows and columns that each cell sees, an odd number; 3 unless said. */
  readonly kernelSize?: number
}

/**
 * Adds to each cell of a grid a trained sum of its neighbours, column by column (a depth-wise convolution): the zeros around the
 * grid tell where a cell is, for grids of any size. `leading` positions stay as they are; cells that are missing at the end
 * count as zeros. The paper has it after the first layer, here it is before it.
 *
 * It needs the whole grid at once, and each cell sees later ones: it goes with neither `causal` nor `padding`.
 *
 * @example
 * compose([scaledDot(), conditional({ grid: [14, 14], leading: 1 })])
 */
export function conditional(options: ConditionalOptions = {}): AttentionPart {
  const { leading = 0, kernelSize = 3 } = options
  checkGrid('conditional', options)
  checkOptions('conditional', { kernelSize }, wholeFrom(1))
  checkOptions('conditional', { kernelSize }, odd, `The cell is in the middle: use ${kernelSize + 1}.`)
  return {
    name: 'conditional',
    source: 'Chu et al. 2021, Conditional Positional Encodings for Vision Transformers (arXiv 2102.10882)',
    about: {
      year: 2021,
      formula: 'x + depth-wise conv(x) over the grid, 3 x 3 with zeros around',
      use: 'Images of any size: what moves takes its encoding with it.',
    },
    options,
    positional: true,
    cacheable: false,
    excludes: {
      causal: 'each position sees its neighbours on the grid, later ones too',
      padding: 'each position sees its neighbours on the grid, filled-up ones too',
    },
    parameters: {
      weight: {
        owner: 'embedding',
        shape: ({ width }) => [width, 1, kernelSize, kernelSize],
        initializer: uniform({ low: -1 / kernelSize, high: 1 / kernelSize }),
      },
      bias: { owner: 'embedding', shape: ({ width }) => [width], initializer: zeros() },
    },
    embed(context, embeddings) {
      const { start } = context
      const length = embeddings.shape[1]!
      const grid = gridOf(options, context)
      checkGridPositions('conditional', 'embeddings', { start, length, grid, leading })
      const before = slice(embeddings, [{}, { size: Math.min(leading, length) }])
      const cells = slice(embeddings, [{}, { start: Math.min(leading, length) }])
      return concat([before, add(cells, neighbours(context, cells, grid, kernelSize))], { axis: 1 })
    },
  }
}

/** `[batch, length, width]` of the same. */
function neighbours(
  context: EmbedContext,
  cells: Tensor,
  [rows, columns]: readonly [number, number],
  kernelSize: number,
): Tensor {
  const [batch, length, width] = cells.shape as [number, number, number]
  const filled = pad(cells, { before: [0, 0, 0], after: [0, rows * columns - length, 0], value: 0 })
  const image = transpose(reshape(filled, [batch, rows, columns, width]), { order: [0, 3, 1, 2] })
  const bias = context.parameter('bias')
  const summed = conv2d(image, context.parameter('weight'), {
    bias,
    groups: width,
    padding: (kernelSize - 1) / 2,
  })
  const lines = reshape(transpose(summed, { order: [0, 2, 3, 1] }), [batch, rows * columns, width])
  return slice(lines, [{}, { size: length }])
}
